package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Ids;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Placement API reference, "Allocations". */
@Path("/allocations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AllocationResource {
    private final Database database;
    private final AllocationWriter writer;
    private final AllocationStore allocations;
    private final Gate gate;
    private final Answers answers;

    public AllocationResource(
            Database database, AllocationWriter writer, AllocationStore allocations, Gate gate, Answers answers) {
        this.database = database;
        this.writer = writer;
        this.allocations = allocations;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    @Path("/{consumer}")
    public Response show(@PathParam("consumer") String consumer) {
        gate.pass(0, "allocations:list");
        Map<String, Holding> held = new LinkedHashMap<>();
        Map<String, Object> view = new LinkedHashMap<>();
        for (Row row : database.rows(
                "select a.provider_id, a.resource_class, a.used, p.generation, c.project_id, c.user_id, c.generation as consumer_generation,"
                        + " c.consumer_type"
                        + " from allocation a join resource_provider p on p.id = a.provider_id"
                        + " join consumer c on c.id = a.consumer_id where a.consumer_id = $1"
                        + " order by p.created_at, p.id, a.resource_class",
                Ids.canonical(consumer))) {
            held.computeIfAbsent(
                            row.getString("provider_id"), id -> new Holding(row.getLong("generation"), new TreeMap<>()))
                    .resources()
                    .put(row.getString("resource_class"), row.getLong("used"));
            if (gate.atLeast(12)) {
                view.put("project_id", row.getString("project_id"));
                view.put("user_id", row.getString("user_id"));
            }
            if (gate.atLeast(28)) {
                view.put("consumer_generation", row.getLong("consumer_generation"));
            }
            if (gate.atLeast(38)) {
                view.put(
                        "consumer_type",
                        Optional.ofNullable(row.getString("consumer_type")).orElse("unknown"));
            }
        }
        view.put("allocations", held);
        return answers.ok(view, Instant.now(Clock.systemUTC()));
    }

    @PUT
    @Path("/{consumer}")
    public void put(@PathParam("consumer") String consumer, byte[] body) {
        gate.passJson(0, "allocations:update");
        requireUuid(consumer);
        JsonNode wanted = gate.read(body, AllocationSchema.ofPut(gate));
        writer.write(List.of(AllocationRequest.ofPut(consumer, wanted, gate)), new TreeMap<>());
    }

    @POST
    public void post(byte[] body) {
        gate.passJson(13, "allocations:manage");
        JsonNode wanted = gate.read(body, AllocationSchema.ofPost(gate));
        writer.write(AllocationRequest.ofConsumers(wanted, gate), new TreeMap<>());
    }

    @DELETE
    @Path("/{consumer}")
    public void delete(@PathParam("consumer") String consumer) {
        gate.pass(0, "allocations:delete");
        if (!database.write(tx -> allocations.delete(tx, Ids.canonical(consumer)))) {
            throw Fault.notFound("No allocations for consumer '" + consumer + "'");
        }
    }

    private static void requireUuid(String consumer) {
        if (!Fields.isUuid(consumer)) {
            throw Fault.badRequest("Malformed consumer_uuid: " + consumer);
        }
    }

    /** What is held, and the generation of the other side. */
    record Holding(long generation, Map<String, Long> resources) {}
}
