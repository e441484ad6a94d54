package io.nephos.identity.bootstrap;

import io.nephos.identity.catalog.EndpointRow;
import io.nephos.identity.catalog.ServiceRow;
import io.nephos.identity.region.RegionRow;
import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The region, and a service with its three endpoints for each {@code nephos.identity.catalog.<type>=url}. */
@ApplicationScoped
public class CatalogBootstrap {
    private static final String PREFIX = "nephos.identity.catalog.";

    private final Config config;
    private final String region;

    @Inject
    public CatalogBootstrap(Config config, @ConfigProperty(name = "nephos.identity.region") String region) {
        this.config = config;
        this.region = region;
    }

    void ensure(Transaction tx) {
        if (tx.find(RegionRow.class, region).isEmpty()) {
            RegionRow row = new RegionRow();
            row.id = region;
            tx.insert(row);
        }
        urls().forEach((type, url) -> {
            ServiceRow service = service(tx, type);
            for (String face : List.of("public", "internal", "admin")) {
                endpoint(tx, service, face, url);
            }
        });
    }

    private Map<String, String> urls() {
        Map<String, String> all = new TreeMap<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> name.replace("\"", ""))
                .forEach(name -> config.getOptionalValue(name, String.class)
                        .ifPresent(url -> all.put(name.substring(PREFIX.length()), url)));
        return all;
    }

    private static ServiceRow service(Transaction tx, String type) {
        return tx.first(ServiceRow.class, "from ServiceRow where type = :type order by id", Map.of("type", type))
                .orElseGet(() -> {
                    ServiceRow row = new ServiceRow();
                    row.id = Ids.random();
                    row.type = type;
                    row.name = type;
                    tx.insert(row);
                    return row;
                });
    }

    private void endpoint(Transaction tx, ServiceRow service, String face, String url) {
        Optional<EndpointRow> known = tx.first(
                EndpointRow.class,
                "from EndpointRow where serviceId = :service and face = :face and regionId = :region order by id",
                Map.of("service", service.id, "face", face, "region", region));
        if (known.isPresent()) {
            EndpointRow row = known.get();
            if (!row.url.equals(url)) {
                row.url = url;
                tx.update(row);
            }
            return;
        }
        EndpointRow row = new EndpointRow();
        row.id = Ids.random();
        row.serviceId = service.id;
        row.regionId = region;
        row.face = face;
        row.url = url;
        tx.insert(row);
    }
}
