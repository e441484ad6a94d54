package io.nephos.identity.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The catalog as a token's body has it: enabled endpoints of enabled services, the ids of project and user filled in. */
@ApplicationScoped
public class CatalogStore {
    public ArrayNode catalog(Transaction tx, Optional<String> projectId, String userId) {
        Map<String, List<EndpointRow>> endpoints =
                tx.list(EndpointRow.class, "from EndpointRow where enabled order by id", Map.of()).stream()
                        .collect(Collectors.groupingBy(row -> row.serviceId));
        ArrayNode catalog = JsonNodeFactory.instance.arrayNode();
        for (ServiceRow service :
                tx.list(ServiceRow.class, "from ServiceRow where enabled order by type, id", Map.of())) {
            ObjectNode node = catalog.addObject();
            node.put("id", service.id).put("type", service.type).put("name", service.name);
            ArrayNode faces = node.putArray("endpoints");
            for (EndpointRow endpoint : endpoints.getOrDefault(service.id, List.of())) {
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
