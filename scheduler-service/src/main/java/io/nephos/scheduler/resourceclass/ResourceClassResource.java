package io.nephos.scheduler.resourceclass;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Placement API reference, "Resource classes". */
@Path("/resource_classes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ResourceClassResource {
    private final Database database;
    private final Gate gate;
    private final Answers answers;

    public ResourceClassResource(Database database, Gate gate, Answers answers) {
        this.database = database;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list() {
        gate.pass(2, "resource_classes:list");
        List<Map<String, Object>> all = database.rows("select name from resource_class order by name").stream()
                .map((Row row) -> view(row.getString("name")))
                .toList();
        return answers.ok(Map.of("resource_classes", all), Instant.now(Clock.systemUTC()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(JsonNode body) {
        gate.pass(2, "resource_classes:create");
        String name = custom(Fields.ofBody(body).only("name").text("name", 1, 255));
        if (!database.write(tx -> define(tx, name))) {
            throw duplicate(name);
        }
        return Response.created(URI.create("/resource_classes/" + name)).build();
    }

    @GET
    @Path("/{name}")
    public Response show(@PathParam("name") String name) {
        gate.pass(2, "resource_classes:show");
        List<Row> rows = database.rows("select updated_at from resource_class where name = $1", name);
        if (rows.isEmpty()) {
            throw missing(name);
        }
        return answers.ok(
                view(name), rows.getFirst().getOffsetDateTime("updated_at").toInstant());
    }

    /** Before 1.7 this renames; since then it makes the class unless it is there, and has no body. */
    @PUT
    @Path("/{name}")
    @Consumes(MediaType.WILDCARD)
    public Response put(@PathParam("name") String name, JsonNode body) {
        gate.pass(2, "resource_classes:update");
        if (gate.atLeast(7)) {
            boolean made = database.write(tx -> define(tx, custom(name)));
            return answers.dated(
                            Response.status(made ? 201 : 204).location(URI.create("/resource_classes/" + name)),
                            Instant.now(Clock.systemUTC()))
                    .build();
        }
        String renamed = custom(Fields.ofBody(body).only("name").text("name", 1, 255));
        rename(name, renamed);
        return answers.ok(view(renamed), Instant.now(Clock.systemUTC()));
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        gate.pass(2, "resource_classes:delete");
        database.run(tx -> {
            requireExisting(tx, name);
            if (!name.startsWith("CUSTOM_")) {
                throw Fault.badRequest("Cannot delete standard resource class " + name + ".");
            }
            requireUnused(tx, name);
            tx.executeNative("delete from resource_class where name = :name", Map.of("name", name));
        });
    }

    private void rename(String name, String renamed) {
        try {
            database.run(tx -> {
                requireExisting(tx, name);
                custom(name);
                requireUnused(tx, name);
                tx.executeNative(
                        "update resource_class set name = :renamed, updated_at = now() where name = :name",
                        Map.of("name", name, "renamed", renamed));
            });
        } catch (UniqueViolation e) {
            throw duplicate(renamed);
        }
    }

    private static void requireExisting(Transaction tx, String name) {
        if (tx.listNative(String.class, "select name from resource_class where name = :name", Map.of("name", name))
                .isEmpty()) {
            throw missing(name);
        }
    }

    private static void requireUnused(Transaction tx, String name) {
        if (!tx.listNative(
                        String.class,
                        "select provider_id from inventory where resource_class = :name limit 1",
                        Map.of("name", name))
                .isEmpty()) {
            throw Fault.conflict("Resource class " + name + " is in use in inventory.");
        }
    }

    private static boolean define(Transaction tx, String name) {
        return tx.executeNative(
                        "insert into resource_class (name) values (:name) on conflict (name) do nothing",
                        Map.of("name", name))
                == 1;
    }

    private static String custom(String name) {
        if (!name.matches("CUSTOM_[A-Z0-9_]+") || name.length() > 255) {
            throw Fault.badRequest("JSON does not validate: '" + name + "' does not match '^CUSTOM\\_[A-Z0-9_]+$'");
        }
        return name;
    }

    private static FaultException missing(String name) {
        return Fault.notFound("No such resource class: " + name);
    }

    private static FaultException duplicate(String name) {
        return Fault.conflict("placement.duplicate_name", "Resource class already exists: " + name);
    }

    private static Map<String, Object> view(String name) {
        return Map.of("name", name, "links", List.of(Map.of("rel", "self", "href", "/resource_classes/" + name)));
    }
}
