package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Roles of users and groups on domains (Identity API reference, "Roles"). */
@Path("/v3/domains/{target}/{kind:users|groups}/{actor}/roles")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class DomainGrantResource {
    private final Grants grants;

    @Inject
    public DomainGrantResource(Grants grants) {
        this.grants = grants;
    }

    @GET
    public ObjectNode list(
            @PathParam("target") String target, @PathParam("kind") String kind, @PathParam("actor") String actor) {
        return grants.list(Grants.actor(kind, actor), Target.domain(target), false);
    }

    @GET
    @Path("/{role}")
    public void check(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.check(grant(target, kind, actor, role));
    }

    @PUT
    @Path("/{role}")
    public void put(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.put(grant(target, kind, actor, role));
    }

    @DELETE
    @Path("/{role}")
    public void delete(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.delete(grant(target, kind, actor, role));
    }

    private static Grant grant(String target, String kind, String actor, String role) {
        return new Grant(Grants.actor(kind, actor), Target.domain(target), role, false);
    }
}
