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
    public ObjectNode list(@BeanParam GrantPath path) {
        return grants.list(path.onDomain());
    }

    @GET
    @Path("/{role}")
    public void check(@BeanParam GrantPath path) {
        grants.check(path.onDomain());
    }

    @PUT
    @Path("/{role}")
    public void put(@BeanParam GrantPath path) {
        grants.put(path.onDomain());
    }

    @DELETE
    @Path("/{role}")
    public void delete(@BeanParam GrantPath path) {
        grants.delete(path.onDomain());
    }
}
