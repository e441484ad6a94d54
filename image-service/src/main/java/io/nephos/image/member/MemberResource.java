package io.nephos.image.member;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.ImageView;
import io.nephos.image.image.Visibility;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** With whom an image is shared (Image API v2, "Sharing"). The owner names members; each member answers for itself. */
@Path("/v2/images/{id}/members")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class MemberResource {
    private static final int LONGEST_ID = 255;
    private final ImageStore images;
    private final MemberStore members;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public MemberResource(ImageStore images, MemberStore members, Policy policy, RequestContext request) {
        this.images = images;
        this.members = members;
        this.policy = policy;
        this.request = request;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> add(@PathParam("id") String id, @Nullable JsonNode body) {
        String member = Fields.ofBody(body).text("member", 1, LONGEST_ID);
        Image image = images.permitted("add_member", request.caller(), id);
        requireShared(image);
        return view(members.add(id, member));
    }

    /** All for the owner; a member sees itself alone. */
    @GET
    public Map<String, Object> list(@PathParam("id") String id) {
        Caller caller = request.caller();
        Image image = images.permitted("get_members", caller, id);
        requireShared(image);
        boolean shown = policy.allows("get_member", caller, images.target(caller, image));
        List<Map<String, Object>> seen = members.list(id).stream()
                .filter(row -> shown)
                .filter(row -> owns(caller, image) || row.memberId.equals(caller.project()))
                .map(MemberResource::view)
                .toList();
        return Map.of("members", seen, "schema", "/v2/schemas/members");
    }

    @GET
    @Path("{member}")
    public Map<String, Object> show(@PathParam("id") String id, @PathParam("member") String member) {
        Caller caller = request.caller();
        Image image = images.permitted("get_member", caller, id);
        if (!owns(caller, image) && !member.equals(caller.project())) {
            throw Fault.notFound(member + " not found in the member list of the image " + id + ".");
        }
        return view(members.find(id, member));
    }

    /** 403 for all but the member itself, the owner included. */
    @PUT
    @Path("{member}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Map<String, Object> answer(
            @PathParam("id") String id, @PathParam("member") String member, @Nullable JsonNode body) {
        String status = Fields.ofBody(body).oneOf("status", "pending", "accepted", "rejected");
        Caller caller = request.caller();
        Image image = images.visible(caller, id);
        members.find(id, member);
        policy.require(
                "modify_member",
                caller,
                Map.of(
                        "project_id", image.attributes().owner(),
                        "owner", image.attributes().owner(),
                        "member_id", member));
        return view(members.answer(id, member, status));
    }

    @DELETE
    @Path("{member}")
    public void remove(@PathParam("id") String id, @PathParam("member") String member) {
        Image image = images.permitted("delete_member", request.caller(), id);
        requireShared(image);
        members.remove(id, member);
    }

    private boolean owns(Caller caller, Image image) {
        return images.isAdmin(caller) || image.attributes().owner().equals(caller.project());
    }

    private static void requireShared(Image image) {
        if (image.attributes().visibility() != Visibility.SHARED) {
            throw Fault.forbidden("Only shared images have members.");
        }
    }

    private static Map<String, Object> view(MemberRow row) {
        return Map.of(
                "image_id",
                row.imageId,
                "member_id",
                row.memberId,
                "status",
                row.status,
                "created_at",
                ImageView.time(row.createdAt),
                "updated_at",
                ImageView.time(row.updatedAt),
                "schema",
                "/v2/schemas/member");
    }
}
