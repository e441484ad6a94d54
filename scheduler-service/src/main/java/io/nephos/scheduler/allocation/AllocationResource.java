package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Placement API reference, "Allocations", "Resource provider allocations" and "Usages". */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AllocationResource {
    private final Database database;
    private final AllocationWriter writer;
    private final AllocationStore allocations;
    private final ProviderStore providers;
    private final Gate gate;
    private final Answers answers;

    public AllocationResource(
            Database database,
            AllocationWriter writer,
            AllocationStore allocations,
            ProviderStore providers,
            Gate gate,
            Answers answers) {
        this.database = database;
        this.writer = writer;
        this.allocations = allocations;
        this.providers = providers;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    @Path("allocations/{consumer}")
    public Response show(@PathParam("consumer") String consumer) {
        gate.pass(0, "allocations:list");
        Map<String, Holding> held = new LinkedHashMap<>();
        Map<String, Object> view = new LinkedHashMap<>();
        for (Row row : database.rows(
                "select a.provider_id, a.resource_class, a.used, p.generation, c.project_id, c.user_id"
                        + " from allocation a join resource_provider p on p.id = a.provider_id"
                        + " join consumer c on c.id = a.consumer_id where a.consumer_id = $1"
                        + " order by a.provider_id, a.resource_class",
                consumer)) {
            held.computeIfAbsent(
                            row.getString("provider_id"), id -> new Holding(row.getLong("generation"), new TreeMap<>()))
                    .resources()
                    .put(row.getString("resource_class"), row.getLong("used"));
            if (gate.atLeast(12)) {
                view.put("project_id", row.getString("project_id"));
                view.put("user_id", row.getString("user_id"));
            }
        }
        view.put("allocations", held);
        return answers.ok(view, Instant.now(Clock.systemUTC()));
    }

    @PUT
    @Path("allocations/{consumer}")
    public void put(@PathParam("consumer") String consumer, JsonNode body) {
        gate.pass(0, "allocations:update");
        requireUuid(consumer);
        store(List.of(AllocationRequest.ofPut(consumer, body, gate)));
    }

    @POST
    @Path("allocations")
    public void post(JsonNode body) {
        gate.pass(13, "allocations:manage");
        Fields fields = Fields.ofBody(body);
        List<AllocationRequest> requests = new ArrayList<>();
        fields.json().fieldNames().forEachRemaining(consumer -> {
            requireUuid(consumer);
            requests.add(AllocationRequest.ofPost(consumer, fields.object(consumer)));
        });
        if (requests.isEmpty()) {
            throw Fault.badRequest("JSON does not validate: at least one consumer is needed.");
        }
        store(requests);
    }

    @DELETE
    @Path("allocations/{consumer}")
    public void delete(@PathParam("consumer") String consumer) {
        gate.pass(0, "allocations:delete");
        if (!database.write(tx -> allocations.release(tx, consumer))) {
            throw Fault.notFound("No allocations for consumer '" + consumer + "'");
        }
    }

    @GET
    @Path("resource_providers/{id}/allocations")
    public Response ofProvider(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:allocations:list");
        Provider provider = providers.require(id);
        Map<String, Map<String, Map<String, Long>>> held = new LinkedHashMap<>();
        for (Row row : database.rows(
                "select consumer_id, resource_class, used from allocation where provider_id = $1"
                        + " order by consumer_id, resource_class",
                id)) {
            held.computeIfAbsent(row.getString("consumer_id"), consumer -> Map.of("resources", new TreeMap<>()))
                    .getOrDefault("resources", new TreeMap<>())
                    .put(row.getString("resource_class"), row.getLong("used"));
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("allocations", held);
        view.put("resource_provider_generation", provider.generation());
        return answers.ok(view, provider.updatedAt());
    }

    @GET
    @Path("usages")
    public Response usages(@Context UriInfo uri) {
        Query query = Query.of(uri, Set.of("project_id", "user_id"));
        Optional<String> project = query.text("project_id");
        gate.pass(9, "usages", Map.of("project_id", project.orElse("")));
        if (project.isEmpty()) {
            throw Fault.badRequest("Invalid query string parameters: 'project_id' is a required property");
        }
        Map<String, Long> usages = new TreeMap<>();
        for (Row row : database.rows(
                "select a.resource_class, cast(sum(a.used) as bigint) as used from allocation a"
                        + " join consumer c on c.id = a.consumer_id"
                        + " where c.project_id = $1 and ($2 = '' or c.user_id = $2) group by a.resource_class",
                project.get(),
                query.text("user_id").orElse(""))) {
            usages.put(row.getString("resource_class"), row.getLong("used"));
        }
        return answers.ok(Map.of("usages", usages), Instant.now(Clock.systemUTC()));
    }

    private void store(List<AllocationRequest> requests) {
        try {
            database.run(tx -> writer.write(tx, requests));
        } catch (UniqueViolation e) {
            throw Fault.conflict(
                    "placement.concurrent_update", "The consumer was made by another request meanwhile; try again.");
        }
    }

    private static void requireUuid(String consumer) {
        if (!Fields.isUuid(consumer)) {
            throw Fault.badRequest("Malformed consumer_uuid: " + consumer);
        }
    }

    /** What is held of one provider. */
    record Holding(long generation, Map<String, Long> resources) {}
}
