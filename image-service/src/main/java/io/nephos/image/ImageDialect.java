package io.nephos.image;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Errors as Glance has them for JSON clients: {@code {"message": "...", "code": "404 Not Found", "title": "Not Found"}}. */
@ApplicationScoped
public class ImageDialect implements Dialect {
    @Override
    public Object body(Fault fault, int status, String requestId) {
        String title = title(status);
        return Map.of("message", fault.message(), "code", status + " " + title, "title", title);
    }

    /** A limit is 413 here, as Glance answers for quotas and for properties, tags and members beyond their number. */
    @Override
    public int status(Fault fault) {
        return fault instanceof Fault.OverLimit ? 413 : fault.usualStatus();
    }

    private static String title(int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }
}
