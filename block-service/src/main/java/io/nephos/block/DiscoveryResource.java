package io.nephos.block;

import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** Which versions there are: / answers 300 with the list, /v3/ the same of itself with 200. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class DiscoveryResource {
    private final ProjectPath path;

    @Inject
    public DiscoveryResource(ProjectPath path) {
        this.path = path;
    }

    @GET
    @Public
    public Response versions() {
        return Response.status(300).entity(document()).build();
    }

    @GET
    @Path("/v3")
    @Public
    public Map<String, Object> v3() {
        return document();
    }

    private Map<String, Object> document() {
        Map<String, Object> version = Map.of(
                "id",
                "v3.0",
                "status",
                "CURRENT",
                "version",
                BlockApi.MAX.toString(),
                "min_version",
                BlockApi.MIN.toString(),
                "updated",
                "2026-11-20T00:00:00Z",
                "links",
                List.of(Map.of("rel", "self", "href", path.base() + "/v3/")),
                "media-types",
                List.of(Map.of("base", "application/json", "type", "application/vnd.openstack.volume+json;version=3")));
        return Map.of("versions", List.of(version));
    }
}
