package io.nephos.block.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** API reference "Volume actions". An action that is not here answers 400, as Cinder does for one that it does not know. */
@Path("/v3/volumes/{id}/action")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VolumeActionResource {
    private final StateActions states;
    private final AttachmentActions attachments;
    private final RequestContext request;

    @Inject
    public VolumeActionResource(StateActions states, AttachmentActions attachments, RequestContext request) {
        this.states = states;
        this.attachments = attachments;
        this.request = request;
    }

    @POST
    public Response act(@PathParam("id") String id, JsonNode body) {
        Fields actions = Fields.ofBody(body);
        if (actions.json().size() != 1) {
            throw Fault.badRequest("The body must have exactly one action.");
        }
        String action = actions.json().fieldNames().next();
        Fields asked =
                actions.optionalObject(action).orElseGet(() -> Fields.ofBody(JsonNodeFactory.instance.objectNode()));
        act(request.caller(), id, action, asked);
        return Response.status(action.equals("os-set_bootable") ? 200 : 202).build();
    }

    private void act(Caller caller, String id, String action, Fields asked) {
        switch (action) {
            case "os-extend" -> states.extend(caller, id, asked);
            case "os-retype" -> states.retype(caller, id, asked);
            case "os-reset_status" -> states.resetStatus(caller, id, asked);
            case "os-force_delete" -> states.forceDelete(caller, id);
            case "os-set_bootable" -> states.setBootable(caller, id, asked);
            case "os-update_readonly_flag" -> states.setReadOnly(caller, id, asked);
            case "os-reserve" -> attachments.reserve(caller, id);
            case "os-unreserve" -> attachments.unreserve(caller, id);
            case "os-begin_detaching" -> attachments.beginDetaching(caller, id);
            case "os-roll_detaching" -> attachments.rollDetaching(caller, id);
            case "os-attach" -> attachments.attach(caller, id, asked);
            case "os-detach" -> attachments.detach(caller, id, asked);
            case "os-force_detach" -> attachments.forceDetach(caller, id, asked);
            default -> throw Fault.badRequest("There is no such action: " + action);
        }
    }
}
