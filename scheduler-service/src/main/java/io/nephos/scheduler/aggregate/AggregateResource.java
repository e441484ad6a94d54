package io.nephos.scheduler.aggregate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Placement API reference, "Resource provider aggregates"; with the generation since 1.19. */
@Path("/resource_providers/{id}/aggregates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AggregateResource {
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
        return show(id);
    }

    @PUT
    public Response replace(@PathParam("id") String id, JsonNode body) {
        gate.pass(1, "resource_providers:aggregates:update");
        boolean generations = gate.atLeast(19);
        Fields fields =
                generations ? Fields.ofBody(body).only("aggregates", "resource_provider_generation") : list(body);
        if (!fields.has("aggregates")) {
            throw fields.required("aggregates");
        }
        TreeSet<String> wanted = new TreeSet<>(fields.texts("aggregates", 32, 36));
        wanted.stream().filter(text -> !Fields.isUuid(text)).findFirst().ifPresent(text -> {
            throw fields.invalid("aggregates", "'" + text + "' is not a UUID.");
        });
        database.run(tx -> {
            if (generations) {
                providers.lock(
                        tx,
                        id,
                        fields.optionalLong("resource_provider_generation", 0, Long.MAX_VALUE)
                                .orElseThrow(() -> fields.required("resource_provider_generation")));
                providers.advance(tx, List.of(id));
            } else {
                providers.lock(tx, id);
            }
            store(tx, id, wanted);
        });
        return show(id);
    }

    private static Fields list(JsonNode body) {
        if (body == null || !body.isArray()) {
            throw Fault.badRequest("JSON does not validate: the body must be a list of UUIDs.");
        }
        return Fields.ofBody(JsonNodeFactory.instance.objectNode().set("aggregates", body));
    }

    private static void store(Transaction tx, String id, TreeSet<String> wanted) {
        // Before 1.19 the generation does not tell, but the scheduler's replicas follow what is written.
        tx.executeNative("update host set changed = pg_current_xact_id() where id = :id", Map.of("id", id));
        tx.executeNative("delete from provider_aggregate where provider_id = :id", Map.of("id", id));
        wanted.forEach(aggregate -> tx.executeNative(
                "insert into provider_aggregate (provider_id, aggregate_id) values (:id, :aggregate)",
                Map.of("id", id, "aggregate", aggregate)));
    }

    private Response show(String id) {
        Provider provider = providers.require(id);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("aggregates", new TreeSet<>(provider.aggregates()));
        if (gate.atLeast(19)) {
            view.put("resource_provider_generation", provider.generation());
        }
        return answers.ok(view, provider.updatedAt());
    }
}
