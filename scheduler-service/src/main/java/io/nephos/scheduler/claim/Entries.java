package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.CellShare;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The statements by which plans get into the books, and plans as their parameters. */
final class Entries {
    private static final String JSON = "jsonb_to_recordset(cast(cast(%s as text) as jsonb))";
    private static final String MOVED = "locked as (select p.id from resource_provider p join %s on w.id = p.id and"
            + " w.generation = p.generation %s order by p.id for update of p), moved as (update resource_provider p set"
            + " generation = p.generation + 1, updated_at = now() from locked where p.id = locked.id returning p.id)";
    private static final String TAKE = "insert into allocation (consumer_id, provider_id, resource_class, used)"
            + " select a.consumer, a.provider, a.class, a.used from ";
    private static final String TAKE_CELLS = "insert into allocation_cell (consumer_id, node, provider_id, cell, cpus,"
            + " memory_mib, pinned) select s.consumer, s.node, s.provider, s.cell, s.cpus, s.memory, s.pinned from "
            + JSON + " as s(consumer text, node int, provider text, cell int, cpus int, memory bigint, pinned text)";

    private static final String EACH = "with made as (insert into consumer (id, project_id, user_id, claimed_by,"
            + " consumer_type, wish) select c.id, c.project, c.owner, c.service, c.type, c.wish from"
            + " unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])"
            + " as c(id, project, owner, service, type, wish) order by c.id on conflict (id) do nothing returning id), "
            // That the providers are locked only when the consumers are written follows from what the one needs of the
            // other.
            + MOVED.formatted(
                    "unnest($7::text[], $8::bigint[]) as w(id, generation)", "where (select count(*) from made) > 0")
            + ", taken as (" + TAKE + "unnest($9::text[], $10::text[], $11::text[], $12::bigint[])"
            + " as a(consumer, provider, class, used) join made on made.id = a.consumer join moved on moved.id ="
            + " a.provider)";
    private static final String OUTCOME = " select id, true as made from made union all select id, false from moved";
    private static final String EACH_WITH_CELLS = EACH + ", celled as (" + TAKE_CELLS.formatted("$13")
            + " join made on made.id = s.consumer join moved on moved.id = s.provider)" + OUTCOME;
    private static final String EACH_WITHOUT_CELLS = EACH + OUTCOME;

    /** Makes consumers that are not there: {@code :consumers}; returns the ids of those that were made. */
    static final String MAKE = "insert into consumer (id, project_id, user_id, claimed_by, server_group_id,"
            + " consumer_type, wish) select c.id, c.project, c.owner, c.service, c.in_group, c.type, c.wish from "
            + JSON.formatted(":consumers") + " as c(id text, project text, owner text, service text, in_group text,"
            + " type text, wish text) order by c.id on conflict (id) do nothing returning id";

    /** Advances the providers that are at the generations that were planned with; returns their ids. */
    static final String ADVANCE = "with "
            + MOVED.formatted(JSON.formatted(":providers") + " as w(id text, generation bigint)", "")
            + " select id from moved";

    static final String ALLOCATE =
            TAKE + JSON.formatted(":allocations") + " as a(consumer text, provider text, class text, used bigint)";
    static final String ALLOCATE_CELLS = TAKE_CELLS.formatted(":cells");

    private Entries() {}

    /** Consumers without a group, each by itself, at once: rows of an id and whether it is a new consumer's or a provider's. */
    static String each(List<Plan> plans) {
        return celled(plans) ? EACH_WITH_CELLS : EACH_WITHOUT_CELLS;
    }

    static boolean celled(Collection<Plan> plans) {
        return plans.stream().anyMatch(plan -> !plan.cells().isEmpty());
    }

    /** What {@link #each} wants. */
    static Object[] parameters(List<Plan> plans) {
        String[][] consumers = new String[6][plans.size()];
        List<String> takers = new ArrayList<>();
        List<String> givers = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        List<Long> amounts = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Ask.Claimant claimant = plan.ask().claimant();
            String consumer = plan.ask().consumer();
            consumers[0][i] = consumer;
            consumers[1][i] = claimant.projectId();
            consumers[2][i] = claimant.userId();
            consumers[3][i] = claimant.service();
            consumers[4][i] = claimant.consumerType();
            consumers[5][i] = claimant.wish();
            plan.ask().request().resources().forEach((resourceClass, amount) -> {
                takers.add(consumer);
                givers.add(plan.host().id());
                classes.add(resourceClass);
                amounts.add(amount);
            });
        }
        Map<String, Long> generations = generations(plans);
        List<Object> parameters = new ArrayList<>(List.of((Object[]) consumers));
        parameters.add(generations.keySet().toArray(String[]::new));
        parameters.add(generations.values().toArray(Long[]::new));
        parameters.add(takers.toArray(String[]::new));
        parameters.add(givers.toArray(String[]::new));
        parameters.add(classes.toArray(String[]::new));
        parameters.add(amounts.toArray(Long[]::new));
        if (celled(plans)) {
            parameters.add(cells(plans));
        }
        return parameters.toArray();
    }

    private static Map<String, Long> generations(List<Plan> plans) {
        Map<String, Long> generations = new TreeMap<>();
        plans.forEach(plan -> generations.put(plan.host().id(), plan.host().generation()));
        return generations;
    }

    static String consumers(List<Plan> plans) {
        JsonArray all = new JsonArray();
        for (Plan plan : plans) {
            Ask.Claimant claimant = plan.ask().claimant();
            all.add(new JsonObject()
                    .put("id", plan.ask().consumer())
                    .put("project", claimant.projectId())
                    .put("owner", claimant.userId())
                    .put("service", claimant.service())
                    .put("in_group", plan.ask().group().orElse(null))
                    .put("type", claimant.consumerType())
                    .put("wish", claimant.wish()));
        }
        return all.encode();
    }

    static String providers(List<Plan> plans) {
        JsonArray all = new JsonArray();
        generations(plans)
                .forEach((id, generation) ->
                        all.add(new JsonObject().put("id", id).put("generation", generation)));
        return all.encode();
    }

    static String allocations(Collection<Plan> plans) {
        JsonArray all = new JsonArray();
        for (Plan plan : plans) {
            plan.ask()
                    .request()
                    .resources()
                    .forEach((resourceClass, amount) -> all.add(new JsonObject()
                            .put("consumer", plan.ask().consumer())
                            .put("provider", plan.host().id())
                            .put("class", resourceClass)
                            .put("used", amount)));
        }
        return all.encode();
    }

    static String cells(Collection<Plan> plans) {
        JsonArray all = new JsonArray();
        for (Plan plan : plans) {
            int node = 0;
            for (CellShare share : plan.cells()) {
                all.add(new JsonObject()
                        .put("consumer", plan.ask().consumer())
                        .put("node", node++)
                        .put("provider", plan.host().id())
                        .put("cell", share.cell())
                        .put("cpus", share.cpus())
                        .put("memory", share.memoryMib())
                        .put(
                                "pinned",
                                share.pinned().stream().map(String::valueOf).collect(Collectors.joining(","))));
            }
        }
        return all.encode();
    }
}
