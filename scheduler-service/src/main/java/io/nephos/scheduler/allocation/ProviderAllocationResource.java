package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Placement API reference, "Resource provider allocations". */
@Path("/resource_providers/{id}/allocations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProviderAllocationResource {
    private final Database database;
    private final ProviderStore providers;
    private final Gate gate;
    private final Answers answers;

    public ProviderAllocationResource(Database database, ProviderStore providers, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response ofProvider(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:allocations:list");
        Provider provider = providers.require(id);
        Map<String, Share> consumers = new LinkedHashMap<>();
        for (Row row : database.rows(
                "select a.consumer_id, a.resource_class, a.used, c.generation from allocation a"
                        + " join consumer c on c.id = a.consumer_id where a.provider_id = $1"
                        + " order by a.consumer_id, a.resource_class",
                id)) {
            consumers
                    .computeIfAbsent(
                            row.getString("consumer_id"),
                            consumer -> new Share(row.getLong("generation"), new TreeMap<>()))
                    .resources()
                    .put(row.getString("resource_class"), row.getLong("used"));
        }
        Map<String, Object> held = new LinkedHashMap<>();
        consumers.forEach((consumer, holding) -> held.put(consumer, share(holding.resources(), holding.generation())));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("allocations", held);
        view.put("resource_provider_generation", provider.generation());
        return answers.ok(view, provider.updatedAt());
    }

    /** What one consumer holds; its generation since 1.28. */
    private Map<String, Object> share(Map<String, Long> resources, long generation) {
        return gate.atLeast(28)
                ? Map.of("resources", resources, "consumer_generation", generation)
                : Map.of("resources", resources);
    }

    private record Share(long generation, Map<String, Long> resources) {}
}
