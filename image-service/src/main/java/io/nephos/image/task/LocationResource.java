package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.image.backend.Backends;
import io.nephos.image.backend.WebSource;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Where an image's bytes lie, for services, and for owners who have them on a web server (Image API v2.17, "Locations"). */
@Path("/v2/images/{id}/locations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class LocationResource {
    private final ImageStore images;
    private final TaskStore tasks;
    private final Backends backends;
    private final WebSource web;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public LocationResource(
            ImageStore images,
            TaskStore tasks,
            Backends backends,
            WebSource web,
            Policy policy,
            RequestContext request) {
        this.images = images;
        this.tasks = tasks;
        this.backends = backends;
        this.web = web;
        this.policy = policy;
        this.request = request;
    }

    /** 403 but for services. */
    @GET
    public ArrayNode list(@PathParam("id") String id) {
        Image image = permitted("fetch_image_location", id);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        image.available()
                .ifPresent(content -> content.copies()
                        .forEach(copy -> all.addObject()
                                .put("url", backends.of(copy.backend()).url(copy.key()))
                                .putObject("metadata")
                                .put("store", copy.backend())));
        return all;
    }

    /** 202: its bytes are read and held against what was said of them; then it is active. 409 unless it is queued. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(@PathParam("id") String id, @Nullable JsonNode body) {
        Caller caller = request.caller();
        permitted("add_image_location", id);
        LocationRequest wanted = LocationRequest.of(body);
        if (backends.named("http").isEmpty()) {
            throw Fault.badRequest("Invalid location: there is no store of web servers here.");
        }
        web.checked(wanted.url());
        tasks.begin(
                TaskRow.pending(TaskType.LOCATION_IMPORT, id, caller, request.requestId(), wanted.toInput(id)),
                Room.ENOUGH,
                Image::importFromElsewhere);
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        answer.addObject().put("url", wanted.url()).putObject("metadata");
        return Response.accepted(answer).build();
    }

    /** Services have a right to images that they do not see otherwise. */
    private Image permitted(String rule, String id) {
        Caller caller = request.caller();
        Image image = images.find(id).orElseThrow(() -> ImageStore.missing(id));
        return policy.allows(rule, caller, images.target(caller, image)) ? image : images.permitted(rule, caller, id);
    }
}
