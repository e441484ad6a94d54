package io.nephos.scheduler.aggregate;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Ids;
import io.nephos.scheduler.placement.Schema;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Placement API reference, "Resource provider aggregates"; with the generation since 1.19. */
@Path("/resource_providers/{id}/aggregates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AggregateResource {
    private static final Schema LIST = Schema.list(Schema.uuid(), 0, true);
    private static final Schema WITH_GENERATION =
            Schema.object().with("aggregates", LIST).with("resource_provider_generation", Schema.integer());

    private final Database database;
    private final ProviderStore providers;
    private final Gate gate;
    private final Answers answers;

    public AggregateResource(Database database, ProviderStore providers, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list(@PathParam("id") String id) {
        gate.pass(1, "resource_providers:aggregates:list");
        Provider provider = providers.require(id);
        return show(provider, new TreeSet<>(provider.aggregates()));
    }

    @PUT
    public Response replace(@PathParam("id") String id, byte[] body) {
        gate.passJson(1, "resource_providers:aggregates:update");
        providers.require(id);
        boolean generations = gate.atLeast(19);
        JsonNode given = gate.read(body, generations ? WITH_GENERATION : LIST);
        Set<String> wanted = new LinkedHashSet<>();
        (generations ? given.get("aggregates") : given).forEach(one -> wanted.add(Ids.canonical(one.textValue())));
        database.run(tx -> {
            if (generations) {
                providers.lock(tx, id, given.get("resource_provider_generation").longValue());
                providers.advance(tx, List.of(id));
            } else {
                providers.lock(tx, id);
            }
            store(tx, id, wanted);
            // Before 1.19 the generation does not tell, but the replicas follow what is written.
            providers.touch(tx, List.of(id));
        });
        return show(providers.require(id), wanted);
    }

    private static void store(Transaction tx, String id, Set<String> wanted) {
        tx.executeNative("delete from provider_aggregate where provider_id = :id", Map.of("id", id));
        if (!wanted.isEmpty()) {
            tx.executeNative(
                    "insert into provider_aggregate (provider_id, aggregate_id)"
                            + " select :id, unnest(string_to_array(cast(:aggregates as text), ','))",
                    Map.of("id", id, "aggregates", String.join(",", wanted)));
        }
    }

    private Response show(Provider provider, Set<String> aggregates) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("aggregates", aggregates);
        if (gate.atLeast(19)) {
            view.put("resource_provider_generation", provider.generation());
        }
        return answers.ok(view, provider.updatedAt());
    }
}
