package io.nephos.scheduler.placement;

import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** Version discovery. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VersionResource {

    @GET
    @Public
    public Map<String, Object> versions() {
        return Map.of(
                "versions",
                List.of(Map.of(
                        "id", "v1.0",
                        "status", "CURRENT",
                        "min_version", Microversions.MIN.toString(),
                        "max_version", Microversions.MAX.toString(),
                        "links", List.of(Map.of("rel", "self", "href", "")))));
    }
}
