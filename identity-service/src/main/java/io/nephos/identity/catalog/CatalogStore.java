package io.nephos.identity.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The catalog as a token's body has it: enabled endpoints of enabled services, the ids of project and user filled in. */
@ApplicationScoped
public class CatalogStore {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Database db;
    private volatile Rows known = new Rows(List.of(), Map.of(), Instant.EPOCH);

    @Inject
    public CatalogStore(Database db) {
        this.db = db;
    }

    private record Rows(List<ServiceRow> services, Map<String, List<EndpointRow>> endpoints, Instant read) {}

    public ArrayNode catalog(Optional<String> projectId, String userId) {
        Rows rows = rows();
        ArrayNode catalog = JsonNodeFactory.instance.arrayNode();
        for (ServiceRow service : rows.services()) {
            ObjectNode node = catalog.addObject();
            node.put("id", service.id).put("type", service.type).put("name", service.name);
            ArrayNode faces = node.putArray("endpoints");
            for (EndpointRow endpoint : rows.endpoints().getOrDefault(service.id, List.of())) {
                url(endpoint.url, projectId, userId)
                        .ifPresent(url -> faces.addObject()
                                .put("id", endpoint.id)
                                .put("interface", endpoint.face)
                                .put("region_id", endpoint.regionId)
                                .put("region", endpoint.regionId)
                                .put("url", url));
            }
        }
        return catalog;
    }

    /** The next token has what was just changed. */
    void forget() {
        known = new Rows(List.of(), Map.of(), Instant.EPOCH);
    }

    /** As they were a second ago at most: every token has them, and they hardly ever change. */
    private Rows rows() {
        Rows rows = known;
        if (rows.read().plus(FRESH).isBefore(Instant.now())) {
            Instant now = Instant.now();
            rows = db.read(tx -> new Rows(
                    tx.list(ServiceRow.class, "from ServiceRow where enabled order by type, id", Map.of()),
                    tx.list(EndpointRow.class, "from EndpointRow where enabled order by id", Map.of()).stream()
                            .collect(Collectors.groupingBy(row -> row.serviceId)),
                    now));
            known = rows;
        }
        return rows;
    }

    /** Empty when the URL needs a project and the token has none. */
    static Optional<String> url(String template, Optional<String> projectId, String userId) {
        String text = template.replace("$(", "%(");
        if (text.contains("%(project_id)s") || text.contains("%(tenant_id)s")) {
            if (projectId.isEmpty()) {
                return Optional.empty();
            }
            text = text.replace("%(project_id)s", projectId.get()).replace("%(tenant_id)s", projectId.get());
        }
        return Optional.of(text.replace("%(user_id)s", userId));
    }
}
