package io.nephos.image.image;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.backend.Backends;
import io.nephos.image.info.ImportMethod;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Usage;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Images (Image API v2, "Images"). */
@Path("/v2/images")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ImageResource {
    private final ImageStore images;
    private final ImageList list;
    private final Locations locations;
    private final Backends backends;
    private final Usage usage;
    private final Policy policy;
    private final RequestContext request;
    private final ObjectMapper json;

    @Inject
    public ImageResource(
            ImageStore images,
            ImageList list,
            Locations locations,
            Backends backends,
            Usage usage,
            Policy policy,
            RequestContext request,
            ObjectMapper json) {
        this.images = images;
        this.list = list;
        this.locations = locations;
        this.backends = backends;
        this.usage = usage;
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
        Caller caller = request.caller();
        Draft draft = new Draft(caller.project());
        String id = UUID.randomUUID().toString();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (field.getKey().equals(ImageAttribute.ID.wire())) {
                id = ImageAttribute.ID.text(field.getValue()).orElseThrow();
            } else {
                draft.set(field.getKey(), field.getValue());
            }
        }
        OffsetDateTime now = ImageStore.now();
        Image image = new Image(id, Status.QUEUED, draft.build(), Optional.empty(), Optional.empty(), now, now, 0);
        requireOwnAttributes(caller, image);
        requireVisibility(caller, image);
        usage.requireRoom(image.attributes().owner(), Limit.COUNT_TOTAL);
        images.insert(image);
        return Response.created(
                        uri.getBaseUriBuilder().path("v2/images").path(id).build())
                .header("OpenStack-image-import-methods", String.join(",", ImportMethod.names()))
                .entity(view(image))
                .build();
    }

    @GET
    public byte[] list(@Context UriInfo uri) {
        Caller caller = request.caller();
        policy.require("get_images", caller, caller.project());
        return list.page(ImageQuery.of(uri.getQueryParameters()), caller, marker -> link(uri, marker));
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return view(images.visible(request.caller(), id));
    }

    /** 415 for other media types than the two that describe a patch of an image. */
    @PATCH
    @Path("{id}")
    @Consumes({ImagePatch.TYPE_2_1, ImagePatch.TYPE_2_0})
    public ObjectNode update(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers)
            throws IOException {
        Caller caller = request.caller();
        boolean older = String.valueOf(headers.getMediaType()).startsWith(ImagePatch.TYPE_2_0);
        ImagePatch patch = ImagePatch.parse(read(body), older);
        Image known = images.permitted("modify_image", caller, id);
        List<ImagePatch.Change> moves = patch.ofLocations();
        for (ImagePatch.Change move : moves) {
            boolean away = move.operation() == ImagePatch.Operation.REMOVE;
            policy.require(away ? "delete_image_location" : "set_image_location", caller, images.target(caller, known));
        }
        Map<String, Long> sizes = locations.measure(moves, known);
        List<Content.Copy> given = new ArrayList<>();
        Image after = images.change(id, image -> {
            Image changed = image.with(patch.apply(image.attributes()));
            requireChangeable(caller, image, changed);
            for (ImagePatch.Change move : moves) {
                changed = locations.apply(move, changed, sizes);
            }
            given.clear();
            image.content().ifPresent(content -> given.addAll(content.copies()));
            return changed;
        });
        if (!moves.isEmpty()) {
            after.content()
                    .ifPresent(left -> given.stream()
                            .filter(copy -> left.copies().stream()
                                    .noneMatch(other -> other.key().equals(copy.key())))
                            .forEach(copy -> backends.of(copy.backend()).delete(copy.key())));
        }
        return view(after);
    }

    private ObjectNode view(Image image) {
        return locations.show(image, ImageView.of(image));
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
            requireVisibility(caller, after);
        }
    }

    private void requireOwnAttributes(Caller caller, Image image) {
        String owner = image.attributes().owner();
        policy.require(
                "add_image",
                caller,
                Map.of("project_id", caller.project(), "owner", owner, "tenant_id", caller.project()));
    }

    private void requireVisibility(Caller caller, Image image) {
        String rule = switch (image.attributes().visibility()) {
            case PUBLIC -> "publicize_image";
            case COMMUNITY -> "communitize_image";
            case PRIVATE, SHARED -> "";
        };
        if (!rule.isEmpty()) {
            policy.require(rule, caller, images.target(caller, image));
        }
    }

    private void requireAdmin(Caller caller, String message) {
        if (!images.isAdmin(caller)) {
            throw Fault.forbidden(message);
        }
    }

    private JsonNode read(InputStream body) throws IOException {
        try {
            JsonNode patch = json.readTree(body);
            return patch == null ? JsonNodeFactory.instance.missingNode() : patch;
        } catch (JsonParseException e) {
            throw Fault.badRequest("Malformed request body: " + e.getOriginalMessage());
        }
    }

    private static String link(UriInfo uri, Optional<String> marker) {
        StringBuilder link = new StringBuilder("/v2/images");
        uri.getQueryParameters().forEach((name, values) -> {
            if (!name.equals("marker")) {
                values.forEach(value -> append(link, name, value));
            }
        });
        marker.ifPresent(id -> append(link, "marker", id));
        return link.toString();
    }

    private static void append(StringBuilder link, String name, String value) {
        link.append(link.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
