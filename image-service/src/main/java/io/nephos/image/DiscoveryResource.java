package io.nephos.image;

import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Version discovery (Image API, "API versions"): 300 at the root, 200 at /versions. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Public
public class DiscoveryResource {
    /**
     * Newest first, each with all that it added: 2.1 the newer PATCH type, 2.2 /v2/schemas and images of a project's
     * own id, 2.3 deactivation, 2.5 community images and sharing by visibility, 2.6 import, 2.7 hidden images and the
     * secure hash.
     */
    private static final List<String> SUPPORTED = List.of(
            "2.16", "2.15", "2.14", "2.13", "2.12", "2.11", "2.10", "2.9", "2.8", "2.7", "2.6", "2.5", "2.3", "2.2",
            "2.1", "2.0");

    @GET
    public Response choices(@Context UriInfo uri) {
        return Response.status(300).entity(versions(uri)).build();
    }

    @GET
    @Path("versions")
    public Map<String, Object> list(@Context UriInfo uri) {
        return versions(uri);
    }

    private static Map<String, Object> versions(UriInfo uri) {
        String href = uri.getBaseUriBuilder().path("v2/").build().toString();
        List<Map<String, Object>> all = new ArrayList<>();
        for (String version : SUPPORTED) {
            all.add(Map.of(
                    "id",
                    "v" + version,
                    "status",
                    all.isEmpty() ? "CURRENT" : "SUPPORTED",
                    "links",
                    List.of(Map.of("rel", "self", "href", href))));
        }
        return Map.of("versions", all);
    }
}
