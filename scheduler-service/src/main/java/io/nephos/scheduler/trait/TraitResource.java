package io.nephos.scheduler.trait;

import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Query;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Placement API reference, "Traits". */
@Path("/traits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TraitResource {
    private final Database database;
    private final TraitStore traits;
    private final Gate gate;
    private final Answers answers;

    public TraitResource(Database database, TraitStore traits, Gate gate, Answers answers) {
        this.database = database;
        this.traits = traits;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list(@Context UriInfo uri) {
        gate.pass(6, "traits:list");
        Query query = Query.of(uri, gate, Set.of("name", "associated"));
        Predicate<String> named = query.text("name").map(TraitResource::names).orElse(name -> true);
        Optional<Boolean> associated = query.text("associated").map(TraitResource::flag);
        List<String> found = database
                .rows("select name, exists (select 1 from provider_trait where trait = name) as associated"
                        + " from trait order by name")
                .stream()
                .filter((Row row) -> associated.isEmpty() || associated.get().equals(row.getBoolean("associated")))
                .map(row -> row.getString("name"))
                .filter(named)
                .toList();
        return answers.ok(Map.of("traits", found), Instant.now(Clock.systemUTC()));
    }

    @GET
    @Path("/{name}")
    public Response show(@PathParam("name") String name) {
        gate.pass(6, "traits:show");
        List<Row> rows = database.rows("select updated_at from trait where name = $1", name);
        if (rows.isEmpty()) {
            throw missing(name);
        }
        return answers.noContent(rows.getFirst().getOffsetDateTime("updated_at").toInstant());
    }

    @PUT
    @Path("/{name}")
    public Response define(@PathParam("name") String name) {
        gate.pass(6, "traits:update");
        if (!name.matches("CUSTOM_[A-Z0-9_]+") || name.length() > 255) {
            throw Fault.badRequest(
                    "The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix"
                            + " \"CUSTOM_\" and use following characters: \"A\"-\"Z\", \"0\"-\"9\" and \"_\"");
        }
        boolean made = database.write(tx -> traits.define(tx, name));
        return answers.dated(
                        Response.status(made ? 201 : 204).location(URI.create("/traits/" + name)),
                        Instant.now(Clock.systemUTC()))
                .build();
    }

    @DELETE
    @Path("/{name}")
    public void delete(@PathParam("name") String name) {
        gate.pass(6, "traits:delete");
        database.run(tx -> {
            if (!traits.unknown(tx, Set.of(name)).isEmpty()) {
                throw missing(name);
            }
            if (!name.startsWith("CUSTOM_")) {
                throw Fault.badRequest("Cannot delete standard trait " + name + ".");
            }
            if (!tx.listNative(
                            String.class,
                            "select provider_id from provider_trait where trait = :trait limit 1",
                            Map.of("trait", name))
                    .isEmpty()) {
                throw Fault.conflict("The trait " + name + " is in use by a resource provider.");
            }
            tx.executeNative("delete from trait where name = :name", Map.of("name", name));
        });
    }

    private static FaultException missing(String name) {
        return Fault.notFound("No such trait: " + name + ".");
    }

    private static Predicate<String> names(String expression) {
        if (expression.startsWith("in:")) {
            return new java.util.HashSet<>(List.of(expression.substring(3).split(",")))::contains;
        }
        if (expression.startsWith("startswith:")) {
            String prefix = expression.substring("startswith:".length());
            return name -> name.startsWith(prefix);
        }
        throw Fault.badRequest("Badly formatted name parameter. Expected name query string parameter in form: "
                + "?name=[in|startswith]:[name1,name2|prefix]. Got: \"" + expression + "\"");
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Fault.badRequest("The query parameter \"associated\" only accepts \"true\" or \"false\"");
        };
    }
}
