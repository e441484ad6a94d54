package io.nephos.identity.accessrule;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** /v3/users/{id}/access_rules (Identity API reference, "Application credentials"); made with the credentials that use them. */
@Path("/v3/users/{user}/access_rules")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AccessRuleResource {
    private final Database db;
    private final Access access;
    private final UserStore users;
    private final AccessRuleStore store;
    private final Links links;

    @Inject
    public AccessRuleResource(Database db, Access access, UserStore users, AccessRuleStore store, Links links) {
        this.db = db;
        this.access = access;
        this.users = users;
        this.store = store;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @PathParam("user") String user,
            @QueryParam("service") @Nullable String service,
            @QueryParam("path") @Nullable String path,
            @QueryParam("method") @Nullable String method) {
        access.require("identity:list_access_rules", Map.of("user_id", user));
        access.refuseTrustToken();
        List<AccessRuleRow> rows = db.read(tx -> {
            users.require(tx, user);
            return Selection.of(AccessRuleRow.class)
                    .where("userId", user)
                    .where("service", service)
                    .where("path", path)
                    .where("method", method)
                    .list(tx);
        });
        return links.list("access_rules", rows.stream().map(this::linked).toList());
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("user") String user, @PathParam("id") String id) {
        access.require("identity:get_access_rule", Map.of("user_id", user));
        access.refuseTrustToken();
        return JsonNodeFactory.instance.objectNode().set("access_rule", linked(db.read(tx -> require(tx, user, id))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("user") String user, @PathParam("id") String id) {
        access.require("identity:delete_access_rule", Map.of("user_id", user));
        access.refuseTrustToken();
        db.run(tx -> store.delete(tx, require(tx, user, id)));
    }

    private AccessRuleRow require(Transaction tx, String user, String id) {
        return store.find(tx, user, id).orElseThrow(() -> Faults.notFound("Access Rule", id));
    }

    private ObjectNode linked(AccessRuleRow row) {
        ObjectNode node = AccessRuleView.of(row);
        node.set("links", links.self("users/" + row.userId + "/access_rules/" + row.id));
        return node;
    }
}
