package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Roles that count on every project below a project (Identity API reference, "OS-INHERIT"). */
@Path("/v3/OS-INHERIT/projects/{target}/{kind:users|groups}/{actor}/roles")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InheritedProjectGrantResource {
    private final Grants grants;

    @Inject
    public InheritedProjectGrantResource(Grants grants) {
        this.grants = grants;
    }

    @GET
    @Path("/inherited_to_projects")
    public ObjectNode list(@BeanParam GrantPath path) {
        return grants.list(path.belowProject());
    }

    @GET
    @Path("/{role}/inherited_to_projects")
    public void check(@BeanParam GrantPath path) {
        grants.check(path.belowProject());
    }

    @PUT
    @Path("/{role}/inherited_to_projects")
    public void put(@BeanParam GrantPath path) {
        grants.put(path.belowProject());
    }

    @DELETE
    @Path("/{role}/inherited_to_projects")
    public void delete(@BeanParam GrantPath path) {
        grants.delete(path.belowProject());
    }
}
