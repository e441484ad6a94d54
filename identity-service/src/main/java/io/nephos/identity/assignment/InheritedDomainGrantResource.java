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

/** Roles that count on every project of a domain (Identity API reference, "OS-INHERIT"). */
@Path("/v3/OS-INHERIT/domains/{target}/{kind:users|groups}/{actor}/roles")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InheritedDomainGrantResource {
    private final Grants grants;

    @Inject
    public InheritedDomainGrantResource(Grants grants) {
        this.grants = grants;
    }

    @GET
    @Path("/inherited_to_projects")
    public ObjectNode list(
            @PathParam("target") String target, @PathParam("kind") String kind, @PathParam("actor") String actor) {
        return grants.list(Grants.actor(kind, actor), Target.domain(target), true);
    }

    @GET
    @Path("/{role}/inherited_to_projects")
    public void check(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.check(grant(target, kind, actor, role));
    }

    @PUT
    @Path("/{role}/inherited_to_projects")
    public void put(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.put(grant(target, kind, actor, role));
    }

    @DELETE
    @Path("/{role}/inherited_to_projects")
    public void delete(
            @PathParam("target") String target,
            @PathParam("kind") String kind,
            @PathParam("actor") String actor,
            @PathParam("role") String role) {
        grants.delete(grant(target, kind, actor, role));
    }

    private static Grant grant(String target, String kind, String actor, String role) {
        return new Grant(Grants.actor(kind, actor), Target.domain(target), role, true);
    }
}
