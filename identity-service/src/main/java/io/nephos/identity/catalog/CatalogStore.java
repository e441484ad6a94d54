package io.nephos.identity.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.nephos.identity.endpointfilter.EndpointFilterStore;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The catalog as a token's body has it: enabled endpoints of enabled services, the ids of project and user filled in. */
@ApplicationScoped
public class CatalogStore {
    private static final Duration FRESH = Duration.ofMillis(500);

    private static final Rows NONE = new Rows(List.of(), Map.of(), false, false, Instant.EPOCH, Map.of());

    /** What a URL may ask for of whoever sees it. */
    private static final Pattern PERSONAL = Pattern.compile("[%$]\\((project_id|tenant_id|user_id)\\)s");

    private final Database db;
    private final EndpointFilterStore filters;
    private volatile Rows known = NONE;

    @Inject
    public CatalogStore(Database db, EndpointFilterStore filters) {
        this.db = db;
        this.filters = filters;
    }

    /**
     * @param filtered some project's catalog is confined
     * @param personal some URL has the project or the user in it
     * @param texts as JSON, by whom they are for
     */
    private record Rows(
            List<ServiceRow> services,
            Map<String, List<EndpointRow>> endpoints,
            boolean filtered,
            boolean personal,
            Instant read,
            Map<Reader, RawValue> texts) {}

    private record Reader(Optional<String> projectId, String userId) {
        static final Reader ANY = new Reader(Optional.empty(), "");
    }

    /** As {@link #catalog}, in JSON: written once for all tokens of half a second, or for all of a user and his project. */
    public RawValue text(Optional<String> projectId, String userId) {
        Rows rows = rows();
        Reader reader = rows.filtered() || rows.personal() ? new Reader(projectId, userId) : Reader.ANY;
        RawValue known = rows.texts().get(reader);
        if (known == null) {
            known = new RawValue(catalog(projectId, userId).toString());
            rows.texts().put(reader, known);
        }
        return known;
    }

    public ArrayNode catalog(Optional<String> projectId, String userId) {
        Rows rows = rows();
        Rows shown = projectId
                .filter(id -> rows.filtered())
                .map(id -> confined(rows, id))
                .orElse(rows);
        return catalog(shown, projectId, userId);
    }

    /** Only the endpoints that the project is confined to, and no service without one; all when it is not confined. */
    private Rows confined(Rows rows, String projectId) {
        Set<String> ids = db.read(tx -> filters.endpointsOf(tx, projectId)).stream()
                .map(row -> row.id)
                .collect(Collectors.toSet());
        if (ids.isEmpty()) {
            return rows;
        }
        Map<String, List<EndpointRow>> endpoints = rows.endpoints().values().stream()
                .flatMap(List::stream)
                .filter(row -> ids.contains(row.id))
                .collect(Collectors.groupingBy(row -> row.serviceId));
        List<ServiceRow> services = rows.services().stream()
                .filter(service -> endpoints.containsKey(service.id))
                .toList();
        return new Rows(services, endpoints, true, rows.personal(), rows.read(), Map.of());
    }

    private static ArrayNode catalog(Rows rows, Optional<String> projectId, String userId) {
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
    public void forget() {
        known = NONE;
    }

    /** As they were half a second ago at most: every token has them, and they hardly ever change. */
    private Rows rows() {
        Rows rows = known;
        if (rows.read().plus(FRESH).isBefore(Instant.now())) {
            Instant now = Instant.now();
            rows = db.read(tx -> {
                List<EndpointRow> endpoints =
                        tx.list(EndpointRow.class, "from EndpointRow where enabled order by id", Map.of());
                return new Rows(
                        tx.list(ServiceRow.class, "from ServiceRow where enabled order by type, id", Map.of()),
                        endpoints.stream().collect(Collectors.groupingBy(row -> row.serviceId)),
                        filters.any(tx),
                        endpoints.stream()
                                .anyMatch(row -> PERSONAL.matcher(row.url).find()),
                        now,
                        new ConcurrentHashMap<>());
            });
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
