package io.nephos.compute.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Volumes;
import io.nephos.compute.server.Server;
import io.nephos.compute.server.ServerAccess;
import io.nephos.contracts.block.v1.Volume;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Volumes of a server (API reference, "Servers with volume attachments"). */
@Path("/v2.1/servers/{id}/os-volume_attachments")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VolumeAttachmentResource {
    private final RequestContext request;
    private final ServerAccess access;
    private final Volumes volumes;

    @Inject
    public VolumeAttachmentResource(RequestContext request, ServerAccess access, Volumes volumes) {
        this.request = request;
        this.access = access;
        this.volumes = volumes;
    }

    @GET
    public ObjectNode list(
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("offset") @Nullable String offset) {
        Server server = access.server(id, "os-volumes-attachments:index");
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("volumeAttachments");
        server.volumes().stream()
                .filter(volume -> !volume.leaving)
                .skip(number("offset", offset, 0))
                .limit(number("limit", limit, 1000))
                .forEach(volume -> all.add(view(volume)));
        return body;
    }

    @GET
    @Path("{volume}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("volume") String volumeId) {
        return body(find(access.server(id, "os-volumes-attachments:show"), volumeId));
    }

    @POST
    public ObjectNode attach(@PathParam("id") String id, JsonNode body) {
        Microversion version = request.version();
        Fields fields = Fields.of(body, "volumeAttachment");
        fields.only(
                version.atLeast(2, 79)
                        ? new String[] {"volumeId", "device", "tag", "delete_on_termination"}
                        : version.atLeast(2, 49)
                                ? new String[] {"volumeId", "device", "tag"}
                                : new String[] {"volumeId", "device"});
        String volumeId = fields.uuid("volumeId");
        String device = fields.optionalText("device", 0, 255).orElse("");
        if (!device.isEmpty() && !device.matches("(/dev/)?x{0,1}[a-z]{0,1}d{0,1}[a-z]{1,3}[0-9]*")) {
            throw fields.invalid("device", "is not the name of a device.");
        }
        access.get(id, "os-volumes-attachments:create");
        requireAvailable(volumeId);
        VolumeRow row = access.act(id, "os-volumes-attachments:create", "attach_volume", (tx, server) -> {
            server.requireBuilt("attach_volume");
            if (server.volumes().stream().anyMatch(volume -> volume.volumeId.equals(volumeId))) {
                throw Fault.conflict("Invalid volume: Volume " + volumeId + " is already attached to instance " + id);
            }
            server.redefine(Times.now());
            VolumeRow volume = new VolumeRow();
            volume.id = UUID.randomUUID().toString();
            volume.serverId = id;
            volume.volumeId = volumeId;
            volume.device = nextDevice(server);
            volume.tag = fields.optionalText("tag", 1, 60).orElse(null);
            volume.deleteOnTermination = fields.flag("delete_on_termination", false);
            volume.createdAt = Times.now();
            tx.insert(volume);
            server.volumes().add(volume);
            return volume;
        });
        return body(row);
    }

    @DELETE
    @Path("{volume}")
    public Response detach(@PathParam("id") String id, @PathParam("volume") String volumeId) {
        access.act(id, "os-volumes-attachments:delete", "detach_volume", (tx, server) -> {
            VolumeRow volume = find(server, volumeId);
            server.requireBuilt("detach_volume");
            if (volume.bootIndex == 0) {
                throw Fault.forbidden("Cannot detach a root device volume");
            }
            server.redefine(Times.now());
            volume.leaving = true;
            volume.leavingAt = server.row().generation;
            tx.update(volume);
            return true;
        });
        return Response.accepted().build();
    }

    private void requireAvailable(String volumeId) {
        Volume volume = volumes.get(request.caller(), volumeId);
        if (!volume.getStatus().equals("available")
                && !(volume.getMultiattach() && volume.getStatus().equals("in-use"))) {
            throw Fault.badRequest("Invalid input received: Invalid volume: Volume " + volumeId
                    + " status must be available or downloading to reserve, but the current status is "
                    + volume.getStatus() + ".");
        }
    }

    /** The first letter that no volume has; "vda" is the root disk. */
    static String nextDevice(Server server) {
        List<String> taken =
                server.volumes().stream().map(volume -> volume.device).toList();
        for (char letter = 'b'; letter <= 'z'; letter++) {
            String device = "/dev/vd" + letter;
            if (!taken.contains(device)) {
                return device;
            }
        }
        throw Fault.forbidden("The server has as many volumes as it can have.");
    }

    private static VolumeRow find(Server server, String volumeId) {
        return server.volumes().stream()
                .filter(volume -> volume.volumeId.equals(volumeId) && !volume.leaving)
                .findFirst()
                .orElseThrow(() -> notAttached(server.row().id, volumeId));
    }

    private static FaultException notAttached(String serverId, String volumeId) {
        return Fault.notFound("Instance " + serverId + " is not attached to volume " + volumeId);
    }

    private ObjectNode body(VolumeRow row) {
        return Json.NODES.objectNode().set("volumeAttachment", view(row));
    }

    private ObjectNode view(VolumeRow row) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("id", row.volumeId)
                .put("volumeId", row.volumeId)
                .put("serverId", row.serverId)
                .put("device", row.device);
        if (request.version().atLeast(2, 70)) {
            view.put("tag", row.tag);
        }
        if (request.version().atLeast(2, 79)) {
            view.put("delete_on_termination", row.deleteOnTermination);
        }
        return view;
    }

    private static long number(String name, @Nullable String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw Fault.badRequest("Invalid input for query parameters " + name + ": '" + text + "'.");
        }
        return Long.parseLong(text);
    }
}
