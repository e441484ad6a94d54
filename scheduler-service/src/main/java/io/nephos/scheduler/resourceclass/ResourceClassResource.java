package io.nephos.scheduler.resourceclass;

import com.fasterxml.jackson.databind.node.TextNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Schema;
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
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Placement API reference, "Resource classes". */
@Path("/resource_classes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ResourceClassResource {
    private static final Schema CUSTOM = Schema.word(Pattern.compile("CUSTOM_[A-Z0-9_]+"), "^CUSTOM\\_[A-Z0-9_]+$");
    private static final Schema NAMED = Schema.object().with("name", CUSTOM);

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
    @Produces(MediaType.WILDCARD)
    public Response create(byte[] body) {
        gate.passJson(2, "resource_classes:create");
        String name = gate.read(body, NAMED).get("name").textValue();
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
    public Response put(@PathParam("name") String name, byte[] body) {
        if (gate.atLeast(7)) {
            gate.pass(7, "resource_classes:update");
            CUSTOM.check(TextNode.valueOf(name), "['properties']['name']");
            boolean made = database.write(tx -> define(tx, name));
            return Response.status(made ? 201 : 204)
                    .location(URI.create("/resource_classes/" + name))
                    .build();
        }
        gate.passJson(2, "resource_classes:update");
        String renamed = gate.read(body, NAMED).get("name").textValue();
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
                if (!name.startsWith("CUSTOM_")) {
                    throw Fault.badRequest("Cannot update standard resource class " + name);
                }
                requireUnused(tx, name);
                tx.executeNative(
                        "update resource_class set name = :renamed, updated_at = now() where name = :name",
                        Map.of("name", name, "renamed", renamed));
            });
        } catch (UniqueViolation e) {
            throw Fault.conflict("Resource class already exists: " + renamed);
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
            throw Fault.conflict("Error in delete resource class: Cannot delete resource class " + name
                    + ". Class is in use in inventory.");
        }
    }

    private static boolean define(Transaction tx, String name) {
        return tx.executeNative(
                        "insert into resource_class (name) values (:name) on conflict (name) do nothing",
                        Map.of("name", name))
                == 1;
    }

    private static FaultException missing(String name) {
        return Fault.notFound("No such resource class: " + name);
    }

    private static FaultException duplicate(String name) {
        return Fault.conflict("Conflicting resource class already exists: " + name);
    }

    private static Map<String, Object> view(String name) {
        return Map.of("name", name, "links", List.of(Map.of("rel", "self", "href", "/resource_classes/" + name)));
    }
}
