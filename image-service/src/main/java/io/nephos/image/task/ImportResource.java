package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.image.backend.WebSource;
import io.nephos.image.data.Arrival;
import io.nephos.image.data.DataResource;
import io.nephos.image.data.RequestBody;
import io.nephos.image.data.Upload;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.info.ImportMethod;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Limits;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
    private final Limits limits;
    private final CurrentVertxRequest http;
    private final RequestContext request;

    @Inject
    public ImportResource(
            ImageStore images,
            TaskStore tasks,
            Backends backends,
            Upload upload,
            WebSource web,
            Limits limits,
            CurrentVertxRequest http,
            RequestContext request) {
        this.images = images;
        this.tasks = tasks;
        this.backends = backends;
        this.upload = upload;
        this.web = web;
        this.limits = limits;
        this.http = http;
        this.request = request;
    }

    @PUT
    @Path("stage")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    public void stage(@PathParam("id") String id, @HeaderParam("x-openstack-image-size") @Nullable String size) {
        Image image = images.permitted("modify_image", request.caller(), id);
        OptionalLong announced = DataResource.announced(size);
        Room room = limits.room(image.attributes().owner(), announced, Limit.STAGE_TOTAL, Limit.COUNT_UPLOADING);
        Arrival staged = new Arrival(Arrival.Purpose.STAGING, backends.staging(), announced).in(room);
        try (RequestBody body = new RequestBody(http.getCurrent().request())) {
            upload.receive(id, staged, body);
        }
    }

    /** 202: the image becomes active, or queued again; its tasks say why. */
    @POST
    @Path("import")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response begin(
            @PathParam("id") String id,
            @HeaderParam("X-Image-Meta-Store") @Nullable String store,
            @Nullable JsonNode body) {
        ImportRequest wanted = ImportRequest.of(withStore(body, store));
        List<Backend> targets = wanted.targets(backends);
        Caller caller = request.caller();
        boolean copy = wanted.method() == ImportMethod.COPY_IMAGE;
        Image image = images.permitted(copy ? "copy_image" : "modify_image", caller, id);
        List<Backend> toCome = copy ? wanted.missing(image, backends) : targets;
        OptionalLong more = image.content().stream()
                .mapToLong(content -> content.size() * toCome.size())
                .findFirst();
        Room room = limits.room(image.attributes().owner(), more, Limit.SIZE_TOTAL);
        UnaryOperator<Image> transition = transition(wanted);
        TaskRow task = TaskRow.pending(
                TaskType.API_IMAGE_IMPORT, image.id(), caller, request.requestId(), withStore(body, store));
        tasks.begin(task, room, now -> StoreMarks.begin(transition.apply(now), task.id, toCome));
        return Response.accepted().build();
    }

    @GET
    @Path("tasks")
    public Map<String, Object> list(@PathParam("id") String id) {
        Image image = images.permitted("get_image", request.caller(), id);
        return Map.of(
                "tasks",
                tasks.ofImage(id).stream()
                        .filter(task -> task.concerns(image))
                        .map(TaskView::of)
                        .toList());
    }

    private UnaryOperator<Image> transition(ImportRequest wanted) {
        return switch (wanted.method()) {
            case GLANCE_DIRECT -> Image::importStaged;
            case WEB_DOWNLOAD -> {
                web.checked(wanted.uri());
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

    // A store in the header is as one in the body.
    private static JsonNode withStore(@Nullable JsonNode body, @Nullable String store) {
        if (store == null || body == null || !body.isObject()) {
            return body == null ? MissingNode.getInstance() : body;
        }
        if (body.has("stores")) {
            throw Fault.badRequest("Stores parameter and x-image-meta-store header can't be both specified");
        }
        ObjectNode both = body.deepCopy();
        both.putArray("stores").add(store);
        return both;
    }
}
