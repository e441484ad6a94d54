package io.nephos.image.image;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.PageLink;
import io.nephos.image.backend.Backends;
import io.nephos.image.info.ImportMethod;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images (Image API v2, "Images"). */
@Path("/v2/images")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ImageResource {
    private final ImageStore images;
    private final ImageList list;
    private final Locations locations;
    private final NewImage newImage;
    private final Bounds bounds;
    private final VisibilityRules visibilities;
    private final Backends backends;
    private final Policy policy;
    private final RequestContext request;
    private final ObjectMapper json;

    @Inject
    public ImageResource(
            ImageStore images,
            ImageList list,
            Locations locations,
            NewImage newImage,
            Bounds bounds,
            VisibilityRules visibilities,
            Backends backends,
            Policy policy,
            RequestContext request,
            ObjectMapper json) {
        this.images = images;
        this.list = list;
        this.locations = locations;
        this.newImage = newImage;
        this.bounds = bounds;
        this.visibilities = visibilities;
        this.backends = backends;
        this.policy = policy;
        this.request = request;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Nullable JsonNode body, @Context UriInfo uri) {
        if (body == null || !body.isObject()) {
            throw Fault.badRequest("Request body must be a JSON object.");
        }
        Image image = newImage.of(request.caller(), body);
        images.insert(image, newImage.room(image));
        return Response.created(uri.getBaseUriBuilder()
                        .path("v2/images")
                        .path(image.id())
                        .build())
                .header("OpenStack-image-import-methods", String.join(",", ImportMethod.names()))
                .header("OpenStack-image-store-ids", backends.writableIds())
                .entity(view(request.caller(), image))
                .build();
    }

    @GET
    public byte[] list(@Context UriInfo uri) {
        Caller caller = request.caller();
        policy.require("get_images", caller, caller.project());
        return list.page(
                ImageQuery.of(uri.getQueryParameters()), caller, marker -> PageLink.of("/v2/images", uri, marker));
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return view(request.caller(), images.visible(request.caller(), id));
    }

    /** 415 for other media types than the two that describe a patch of an image. */
    @PATCH
    @Path("{id}")
    @Consumes({ImagePatch.TYPE_2_1, ImagePatch.TYPE_2_0})
    public ObjectNode update(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers)
            throws IOException {
        Caller caller = request.caller();
        boolean older = mediaType(headers).toLowerCase(Locale.ROOT).startsWith(ImagePatch.TYPE_2_0);
        ImagePatch patch = ImagePatch.parse(read(body), older);
        Image known = images.permitted("modify_image", caller, id);
        List<ImagePatch.Change> moves = patch.ofLocations();
        for (ImagePatch.Change move : moves) {
            boolean away = move.operation() == ImagePatch.Operation.REMOVE;
            policy.require(away ? "delete_image_location" : "set_image_location", caller, images.target(caller, known));
        }
        Map<String, Long> sizes = locations.measure(moves, known);
        Image after = images.change(id, image -> {
            Image changed = image.with(bounds.require(patch.apply(image.attributes())));
            requireChangeable(caller, image, changed);
            for (ImagePatch.Change move : moves) {
                changed = locations.apply(move, changed, sizes);
            }
            return changed;
        });
        return view(caller, after);
    }

    private ObjectNode view(Caller caller, Image image) {
        return locations.show(
                image,
                ImageView.of(image),
                locations.seenBy(caller, image.attributes().owner()));
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        images.permitted("delete_image", request.caller(), id);
        images.change(id, Image::delete);
    }

    @POST
    @Path("{id}/actions/deactivate")
    public void deactivate(@PathParam("id") String id) {
        images.permitted("deactivate", request.caller(), id);
        images.change(id, Image::deactivate);
    }

    @POST
    @Path("{id}/actions/reactivate")
    public void reactivate(@PathParam("id") String id) {
        images.permitted("reactivate", request.caller(), id);
        images.change(id, Image::reactivate);
    }

    private void requireChangeable(Caller caller, Image before, Image after) {
        Attributes old = before.attributes();
        Attributes now = after.attributes();
        boolean formatChanged = !old.diskFormat().equals(now.diskFormat())
                || !old.containerFormat().equals(now.containerFormat());
        if (formatChanged && before.status() != Status.QUEUED) {
            throw Fault.forbidden(
                    "Attributes disk_format and container_format can be replaced only for a queued image.");
        }
        if (!old.owner().equals(now.owner())) {
            requireAdmin(caller, "You are not permitted to modify 'owner' on this image.");
        }
        if (old.visibility() != now.visibility()) {
            visibilities.require(caller, after);
        }
    }

    private void requireAdmin(Caller caller, String message) {
        if (!images.isAdmin(caller)) {
            throw Fault.forbidden(message);
        }
    }

    /** As it was sent: one that is empty has come past those that the method takes. */
    private static String mediaType(HttpHeaders headers) {
        String sent = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (sent == null || sent.isBlank()) {
            throw new Fault.UnsupportedMediaType("", "A patch of an image says that it is " + ImagePatch.TYPE_2_1 + ".")
                    .asException();
        }
        return sent;
    }

    private JsonNode read(InputStream body) throws IOException {
        try {
            JsonNode patch = json.readTree(body);
            return patch == null ? JsonNodeFactory.instance.missingNode() : patch;
        } catch (JsonParseException e) {
            throw Fault.badRequest("Malformed request body: " + e.getOriginalMessage());
        }
    }
}
