package io.nephos.scheduler.placement;

import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Version discovery. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VersionResource {

    private final Answers answers;

    public VersionResource(Answers answers) {
        this.answers = answers;
    }

    @GET
    @Public
    public Response versions() {
        return answers.ok(
                Map.of(
                        "versions",
                        List.of(Map.of(
                                "id", "v1.0",
                                "status", "CURRENT",
                                "min_version", Microversions.MIN.toString(),
                                "max_version", Microversions.MAX.toString(),
                                "links", List.of(Map.of("rel", "self", "href", ""))))),
                Instant.now(Clock.systemUTC()));
    }
}
