package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.token.AuthResource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What a federated user can scope to: the older names of /v3/auth/projects and /v3/auth/domains. */
@Path("/v3/OS-FEDERATION")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FederatedScopeResource {
    private final AuthResource auth;

    @Inject
    public FederatedScopeResource(AuthResource auth) {
        this.auth = auth;
    }

    @GET
    @Path("/projects")
    public ObjectNode projects() {
        return auth.projects();
    }

    @GET
    @Path("/domains")
    public ObjectNode domains() {
        return auth.domains();
    }
}
