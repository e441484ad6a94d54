package io.nephos.identity.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.TreeMap;

/** /v3/role_inferences: all rules of which role implies which. */
@Path("/v3/role_inferences")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RoleInferenceResource {
    private final Database db;
    private final Access access;
    private final RoleStore store;
    private final RoleView view;
    private final Links links;

    @Inject
    public RoleInferenceResource(Database db, Access access, RoleStore store, RoleView view, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list() {
        access.require("identity:list_role_inference_rules");
        List<ObjectNode> inferences = db.read(tx -> new TreeMap<>(store.implied(tx))
                .entrySet().stream()
                        .map(rule -> view.inference(tx, store.require(tx, rule.getKey()), rule.getValue()))
                        .toList());
        return links.list("role_inferences", inferences);
    }
}
