package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.backend.Backends;
import io.nephos.image.data.DataResource;
import io.nephos.image.data.Upload;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.info.ImportMethod;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The interoperable import (Image API v2, "Image data import"): staging, the import itself, its tasks. */
@Path("/v2/images/{id}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ImportResource {
    private final ImageStore images;
    private final TaskStore tasks;
    private final Backends backends;
    private final Upload upload;
    private final WebSource web;
    private final RequestContext request;

    @Inject
    public ImportResource(
            ImageStore images,
            TaskStore tasks,
            Backends backends,
            Upload upload,
            WebSource web,
            RequestContext request) {
        this.images = images;
        this.tasks = tasks;
        this.backends = backends;
        this.upload = upload;
        this.web = web;
        this.request = request;
    }

    @PUT
    @Path("stage")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    public void stage(
            @PathParam("id") String id,
            InputStream body,
            @HeaderParam("x-openstack-image-size") @Nullable String size) {
        images.permitted("modify_image", request.caller(), id);
        upload.receive(id, Upload.Purpose.STAGING, body, DataResource.announced(size));
    }

    /** 202: the image becomes active, or queued again; its tasks say why. */
    @POST
    @Path("import")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response begin(@PathParam("id") String id, @Nullable JsonNode body) {
        Fields wanted = Fields.ofBody(body);
        Fields method = Fields.of(body, "method");
        ImportMethod by = ImportMethod.of(method.text("name", 1, 255))
                .orElseThrow(() -> Fault.badRequest("Unknown import method name '" + method.text("name", 1, 255)
                        + "'; there are " + ImportMethod.names() + "."));
        requireStores(wanted);
        Caller caller = request.caller();
        Image image = images.permitted(by == ImportMethod.COPY_IMAGE ? "copy_image" : "modify_image", caller, id);
        tasks.begin(task(caller, image, wanted.json()), transition(by, method));
        return Response.accepted().build();
    }

    @GET
    @Path("tasks")
    public Map<String, Object> list(@PathParam("id") String id) {
        images.permitted("get_image", request.caller(), id);
        return Map.of("tasks", tasks.ofImage(id).stream().map(TaskView::of).toList());
    }

    private UnaryOperator<Image> transition(ImportMethod by, Fields method) {
        return switch (by) {
            case GLANCE_DIRECT -> Image::importStaged;
            case WEB_DOWNLOAD -> {
                web.checked(method.text("uri", 1, 2048));
                yield Image::importFromElsewhere;
            }
            case COPY_IMAGE ->
                image -> {
                    if (image.status() != Status.ACTIVE) {
                        throw Fault.conflict("Only images with status active can be copied.");
                    }
                    return image;
                };
        };
    }

    private void requireStores(Fields wanted) {
        List<String> stores = wanted.texts("stores", 1, 255);
        if (!stores.isEmpty() && wanted.optionalFlag("all_stores").orElse(false)) {
            throw Fault.badRequest(
                    "All_stores parameter can't be used with x-image-meta-store header or stores parameter.");
        }
        for (String store : stores) {
            if (!backends.has(store)) {
                throw Fault.conflict("Unknown store '" + store + "'.");
            }
        }
    }

    private TaskRow task(Caller caller, Image image, JsonNode wanted) {
        TaskRow task = new TaskRow();
        task.id = UUID.randomUUID().toString();
        task.imageId = image.id();
        task.owner = caller.project();
        task.userId = caller.userId();
        task.requestId = request.requestId();
        task.status = "pending";
        task.input = wanted.toString();
        task.message = "";
        task.createdAt = ImageStore.now();
        task.updatedAt = task.createdAt;
        return task;
    }
}
