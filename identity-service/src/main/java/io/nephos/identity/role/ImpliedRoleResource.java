package io.nephos.identity.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** /v3/roles/{id}/implies (Identity API reference, "Role inference rules"). */
@Path("/v3/roles/{prior}/implies")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ImpliedRoleResource {
    private final Database db;
    private final Access access;
    private final RoleStore store;
    private final AssignmentStore assignments;
    private final RoleView view;
    private final Links links;

    @Inject
    public ImpliedRoleResource(
            Database db, Access access, RoleStore store, AssignmentStore assignments, RoleView view, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.assignments = assignments;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("prior") String prior) {
        access.require("identity:list_implied_roles");
        ObjectNode body = Attributes.object("{}");
        body.set(
                "role_inference",
                db.read(tx -> view.inference(
                        tx, store.require(tx, prior), store.implied(tx).getOrDefault(prior, Set.of()))));
        body.set("links", links.pages(Optional.empty()));
        return body;
    }

    @GET
    @Path("/{implied}")
    public Response show(@PathParam("prior") String prior, @PathParam("implied") String implied, Request request) {
        access.require("identity:get_implied_role");
        ObjectNode body = db.read(tx -> {
            if (tx.find(ImpliedRoleRow.class, ImpliedRoleRow.key(prior, implied))
                    .isEmpty()) {
                throw missing(prior, implied);
            }
            return rule(store.require(tx, prior), store.require(tx, implied));
        });
        return request.getMethod().equals("HEAD")
                ? Response.noContent().build()
                : Response.ok(body).build();
    }

    @PUT
    @Path("/{implied}")
    public Response create(@PathParam("prior") String prior, @PathParam("implied") String implied) {
        access.require("identity:create_implied_role");
        ObjectNode body = db.write(tx -> {
            RoleRow from = store.require(tx, prior);
            RoleRow to = store.require(tx, implied);
            if (to.name.equalsIgnoreCase("admin") && to.global()) {
                throw Faults.forbiddenAction("role admin cannot be an implied role");
            }
            if (from.global() && !to.global()) {
                throw Faults.forbiddenAction("a global role cannot imply a role of a domain");
            }
            if (assignments.withImplied(tx, Set.of(implied)).contains(prior)) {
                throw Fault.forbidden(implied + " cannot be an implied role: it implies " + prior + " itself.");
            }
            tx.executeNative(
                    "insert into implied_role (id, prior_id, implied_id) values (:id, :prior, :implied)"
                            + " on conflict do nothing",
                    Map.of("id", ImpliedRoleRow.key(prior, implied), "prior", prior, "implied", implied));
            return rule(from, to);
        });
        return Response.status(201).entity(body).build();
    }

    @DELETE
    @Path("/{implied}")
    public void delete(@PathParam("prior") String prior, @PathParam("implied") String implied) {
        access.require("identity:delete_implied_role");
        db.run(tx -> {
            if (tx.execute(
                            "delete from ImpliedRoleRow where id = :id",
                            Map.of("id", ImpliedRoleRow.key(prior, implied)))
                    == 0) {
                throw missing(prior, implied);
            }
            assignments.revokeRole(tx, prior);
        });
    }

    private static FaultException missing(String prior, String implied) {
        return Fault.notFound(prior + " does not imply " + implied + ".");
    }

    private ObjectNode rule(RoleRow prior, RoleRow implied) {
        ObjectNode body = Attributes.object("{}");
        ObjectNode node = body.putObject("role_inference");
        node.set("prior_role", view.brief(prior));
        node.set("implies", view.brief(implied));
        body.set("links", links.pages(Optional.empty()));
        return body;
    }
}
