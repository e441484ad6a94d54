package io.nephos.image.data;

import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** An image's copy in one store (Image API v2.10, "Delete image from store"). */
@Path("/v2/stores/{store}/{id}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class StoreResource {
    private final ImageStore images;
    private final RequestContext request;

    @Inject
    StoreResource(ImageStore images, RequestContext request) {
        this.images = images;
        this.request = request;
    }

    /** 404 when it is not there, 409 unless the image is active, 403 when it is the last one. */
    @DELETE
    public void delete(@PathParam("store") String store, @PathParam("id") String id) {
        images.permitted("get_image_location", request.caller(), id);
        images.permitted("delete_image_location", request.caller(), id);
        images.change(id, image -> image.without(chosen(image, store)));
    }

    private static Content.Copy chosen(Image image, String store) {
        if (image.status() != Status.ACTIVE) {
            throw Fault.conflict("It's not allowed to remove image data from store if image status is not 'active'");
        }
        Content content = image.content().orElseThrow();
        Content.Copy copy = content.copies().stream()
                .filter(known -> known.backend().equals(store))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Image " + image.id() + " is not stored in store " + store + "."));
        if (content.copies().size() == 1) {
            throw Fault.forbidden("Cannot delete image data from the only store containing it. Consider deleting the"
                    + " image instead.");
        }
        return copy;
    }
}
