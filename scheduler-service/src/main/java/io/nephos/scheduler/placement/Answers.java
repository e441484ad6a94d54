package io.nephos.scheduler.placement;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Answers with last-modified and cache-control, which Placement sends since 1.15. */
@ApplicationScoped
public class Answers {
    private final Gate gate;

    @Inject
    public Answers(Gate gate) {
        this.gate = gate;
    }

    public Response ok(Object body, Instant modified) {
        return dated(Response.ok(body), modified).build();
    }

    public Response created(String location, Object body, Instant modified) {
        return dated(Response.created(URI.create(location)).entity(body), modified)
                .build();
    }

    public Response noContent(Instant modified) {
        return dated(Response.noContent(), modified).build();
    }

    public Response.ResponseBuilder dated(Response.ResponseBuilder response, Instant modified) {
        if (gate.atLeast(15)) {
            response.header(
                    "last-modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(modified.atOffset(ZoneOffset.UTC)));
            response.header("cache-control", "no-cache");
        }
        return response;
    }
}
