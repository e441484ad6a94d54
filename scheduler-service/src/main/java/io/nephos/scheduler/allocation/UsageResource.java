package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Query;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Placement API reference, "Usages": of a project and a user, since 1.38 by type of consumer. */
@Path("/usages")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class UsageResource {
    private static final String UNKNOWN = "unknown";
    private static final String OF = " from allocation a join consumer c on c.id = a.consumer_id"
            + " where c.project_id = $1 and ($2 = '' or c.user_id = $2)"
            + " and ($3 in ('', 'all') or coalesce(c.consumer_type, 'unknown') = $3)";

    private final Database database;
    private final Gate gate;
    private final Answers answers;

    public UsageResource(Database database, Gate gate, Answers answers) {
        this.database = database;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response usages(@Context UriInfo uri) {
        if (!gate.atLeast(9)) {
            throw Fault.notFound("The resource could not be found.");
        }
        Set<String> names =
                gate.atLeast(38) ? Set.of("project_id", "user_id", "consumer_type") : Set.of("project_id", "user_id");
        Query query = Query.of(uri, gate, names);
        gate.pass(9, "usages", Map.of("project_id", query.text("project_id").orElse("")));
        String project = query.sized("project_id").orElseThrow(() -> Query.bad("'project_id' is a required property"));
        String user = query.sized("user_id").orElse("");
        String type = query.sized("consumer_type").orElse("");
        if (!type.isEmpty() && !Set.of("all", UNKNOWN).contains(type) && !type.matches("[A-Z0-9_]{1,255}")) {
            throw Query.bad("consumer_type '" + type + "' does not match '^[A-Z0-9_]+$|^all$|^unknown$'");
        }
        Object usages = gate.atLeast(38) ? byType(project, user, type) : flat(project, user);
        return answers.ok(Map.of("usages", usages), Instant.now(Clock.systemUTC()));
    }

    private Map<String, Long> flat(String project, String user) {
        Map<String, Long> usages = new TreeMap<>();
        for (Row row : database.rows(
                "select a.resource_class, cast(sum(a.used) as bigint) as used" + OF + " group by a.resource_class",
                project,
                user,
                "")) {
            usages.put(row.getString("resource_class"), row.getLong("used"));
        }
        return usages;
    }

    private Map<String, Map<String, Long>> byType(String project, String user, String type) {
        String group = type.equals("all") ? "'all'" : "coalesce(c.consumer_type, 'unknown')";
        Map<String, Map<String, Long>> usages = new TreeMap<>();
        List<Row> sums = database.rows(
                "select " + group + " as type, a.resource_class, cast(sum(a.used) as bigint) as used" + OF
                        + " group by 1, a.resource_class",
                project,
                user,
                type);
        for (Row row : sums) {
            usages.computeIfAbsent(row.getString("type"), name -> new TreeMap<>())
                    .put(row.getString("resource_class"), row.getLong("used"));
        }
        for (Row row : database.rows(
                "select " + group + " as type, count(distinct c.id) as consumers" + OF + " group by 1",
                project,
                user,
                type)) {
            usages.computeIfAbsent(row.getString("type"), name -> new TreeMap<>())
                    .put("consumer_count", row.getLong("consumers"));
        }
        return usages;
    }
}
