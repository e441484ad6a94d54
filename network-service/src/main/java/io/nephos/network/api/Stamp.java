package io.nephos.network.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The standard attributes that every resource has. */
public final class Stamp {
    private Stamp() {}

    /** Now, as exact as the database keeps it. */
    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    public static void on(
            ObjectNode view, String projectId, String description, Instant created, Instant updated, long generation) {
        view.put("project_id", projectId);
        view.put("tenant_id", projectId);
        view.put("description", description);
        view.put("created_at", created.truncatedTo(ChronoUnit.SECONDS).toString());
        view.put("updated_at", updated.truncatedTo(ChronoUnit.SECONDS).toString());
        view.put("revision_number", generation);
    }
}
