package io.nephos.image.cache;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The image cache of this host (Image API v2.14, "Cache management"). 404 where there is none. */
@Path("/v2/cache")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CacheResource {
    private final ImageCache cache;
    private final CacheQueue queue;
    private final ImageStore images;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    CacheResource(ImageCache cache, CacheQueue queue, ImageStore images, Policy policy, RequestContext request) {
        this.cache = cache;
        this.queue = queue;
        this.images = images;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public ObjectNode list() throws IOException {
        require("cache_list");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode cached = answer.putArray("cached_images");
        for (ImageCache.Entry entry : cache.entries()) {
            double accessed = entry.accessed().toEpochMilli() / 1000.0;
            for (String id : images.withDigest(entry.digest())) {
                cached.addObject()
                        .put("image_id", id)
                        .put("hits", entry.hits())
                        .put("last_accessed", accessed)
                        .put("last_modified", accessed)
                        .put("size", entry.size());
            }
        }
        ArrayNode queued = answer.putArray("queued_images");
        queue.waiting().forEach(queued::add);
        return answer;
    }

    /** The cache and the queue, or the one that the header names. */
    @DELETE
    public void clear(@HeaderParam("x-image-cache-clear-target") @Nullable String target) throws IOException {
        require("cache_delete");
        String what = target == null ? "" : target.toLowerCase(Locale.ROOT);
        if (!what.isEmpty() && !what.equals("cache") && !what.equals("queue")) {
            throw Fault.badRequest("If provided 'x-image-cache-clear-target' must be 'cache' or 'queue'");
        }
        if (!what.equals("cache")) {
            queue.waiting().forEach(queue::remove);
        }
        if (!what.equals("queue")) {
            for (ImageCache.Entry entry : cache.entries()) {
                cache.remove(entry.digest());
            }
        }
    }

    @PUT
    @Path("{id}")
    public Response add(@PathParam("id") String id) {
        require("cache_image");
        Image image = images.visible(request.caller(), id);
        if (image.status() != Status.ACTIVE) {
            throw Fault.badRequest("Only images with status active can be targeted for queueing");
        }
        queue.add(id);
        return Response.accepted().build();
    }

    @DELETE
    @Path("{id}")
    public void remove(@PathParam("id") String id) throws IOException {
        require("cache_delete");
        Image image = images.visible(request.caller(), id);
        boolean waited = queue.remove(id);
        Optional<String> digest =
                image.available().map(content -> content.sha512()).filter(cache::has);
        if (digest.isEmpty() && !waited) {
            throw Fault.notFound("Image " + id + " is not cached.");
        }
        if (digest.isPresent()) {
            cache.remove(digest.get());
        }
    }

    private void require(String rule) {
        Caller caller = request.caller();
        policy.require(rule, caller, caller.project());
        if (!cache.exists()) {
            throw Fault.notFound("Caching via API is not supported at this site.");
        }
    }
}
