package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.ImageView;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Types of resources that namespaces may be for (Image API v2, "Metadata definition resource types"). */
@Path("/v2/metadefs/resource_types")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ResourceTypeResource {
    private final ResourceTypeStore types;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    ResourceTypeResource(ResourceTypeStore types, Policy policy, RequestContext request) {
        this.types = types;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public ObjectNode all() {
        Caller caller = request.caller();
        policy.require("list_metadef_resource_types", caller, caller.project());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("resource_types");
        types.all()
                .forEach(row -> all.addObject()
                        .put("name", row.getString("name"))
                        .put("created_at", ImageView.time(row.getOffsetDateTime("created_at")))
                        .put("updated_at", ImageView.time(row.getOffsetDateTime("updated_at"))));
        return answer;
    }
}
