package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;

/** One tag of an image at a time (Image API v2, "Image tags"). */
@Path("/v2/images/{id}/tags/{tag}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TagResource {
    private final ImageStore images;
    private final Bounds bounds;
    private final RequestContext request;

    @Inject
    public TagResource(ImageStore images, Bounds bounds, RequestContext request) {
        this.images = images;
        this.bounds = bounds;
        this.request = request;
    }

    /** 413 when there would be too many. */
    @PUT
    public void add(@PathParam("id") String id, @PathParam("tag") String tag) {
        ImageAttribute.tag(tag);
        images.permitted("modify_image", request.caller(), id);
        images.change(id, image -> {
            List<String> tags = new ArrayList<>(image.attributes().tags());
            if (tags.contains(tag)) {
                return image;
            }
            tags.add(tag);
            return image.with(
                    bounds.require(Draft.of(image.attributes()).tags(tags).build()));
        });
    }

    /** 404 when the image has no such tag. */
    @DELETE
    public void remove(@PathParam("id") String id, @PathParam("tag") String tag) {
        images.permitted("modify_image", request.caller(), id);
        images.change(id, image -> {
            List<String> tags = new ArrayList<>(image.attributes().tags());
            if (!tags.remove(tag)) {
                throw Fault.notFound("Image " + id + " has no such tag.");
            }
            return image.with(Draft.of(image.attributes()).tags(tags).build());
        });
    }
}
