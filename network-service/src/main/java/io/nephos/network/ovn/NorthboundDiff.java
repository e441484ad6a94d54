package io.nephos.network.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.fabric.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must be done so that the rows of some scopes are as wanted: pure. Rows without our key are not looked at; of two
 * with the same key one goes.
 */
final class NorthboundDiff {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** Where rows of a table hang; tables that are not here are roots. */
    private static final Map<String, Wanted.Parent> HOLDERS = Map.of(
            "Logical_Switch_Port", holder("Logical_Switch", "ports"),
            "ACL", holder("Port_Group", "acls"),
            "Logical_Router_Port", holder("Logical_Router", "ports"),
            "NAT", holder("Logical_Router", "nat"),
            "Logical_Router_Static_Route", holder("Logical_Router", "static_routes"),
            "Gateway_Chassis", holder("Logical_Router_Port", "gateway_chassis"));

    private final Map<String, Map<String, OvsdbRow>> database;
    private final Map<Datum.Ref, OvsdbRow> present = new LinkedHashMap<>();
    private final Map<Datum.Ref, String> inserted = new HashMap<>();
    private final Set<Datum.Ref> missing = new LinkedHashSet<>();
    private final Set<Scope> touched = new LinkedHashSet<>();
    private final List<ObjectNode> operations = new ArrayList<>();

    private NorthboundDiff(Map<String, Map<String, OvsdbRow>> database) {
        this.database = database;
    }

    /**
     * @param operations of one transaction; empty when all is as it should be
     * @param missing rows that are referred to and neither there nor wanted here: their scopes must come along
     * @param touched the scopes in which something differs
     */
    record Result(List<ObjectNode> operations, Set<Datum.Ref> missing, Set<Scope> touched) {}

    /**
     * @param database table to rows by UUID
     * @param mine the rows of these scopes that there are: all with our key in the scopes
     */
    static Result between(
            Map<String, Map<String, OvsdbRow>> database, Map<String, List<OvsdbRow>> mine, List<Wanted> wanted) {
        NorthboundDiff diff = new NorthboundDiff(database);
        diff.run(mine, wanted);
        return new Result(diff.operations, diff.missing, diff.touched);
    }

    private void run(Map<String, List<OvsdbRow>> mine, List<Wanted> wanted) {
        Map<Datum.Ref, OvsdbRow> surplus = new LinkedHashMap<>();
        List<Map.Entry<String, OvsdbRow>> doubles = new ArrayList<>();
        mine.forEach((table, rows) -> rows.stream()
                .sorted(Comparator.comparing(OvsdbRow::uuid))
                .forEach(row -> {
                    Datum.Ref ref = new Datum.Ref(table, row.map("external_ids").getOrDefault(Wanted.KEY, ""));
                    if (present.putIfAbsent(ref, row) == null) {
                        surplus.put(ref, row);
                    } else {
                        doubles.add(Map.entry(table, row));
                    }
                }));
        for (Wanted row : wanted) {
            if (surplus.remove(row.ref()) == null) {
                inserted.put(row.ref(), "new" + inserted.size());
            }
        }
        doubles.forEach(entry -> remove(entry.getKey(), entry.getValue()));
        surplus.forEach((ref, row) -> remove(ref.table(), row));
        wanted.forEach(this::ensure);
    }

    private void ensure(Wanted row) {
        OvsdbRow there = present.get(row.ref());
        if (there == null) {
            insert(row);
            return;
        }
        ObjectNode changed = JSON.objectNode();
        row.columns.forEach((column, value) -> {
            if (!resolved(value).equals(there.get(column))) {
                changed.set(column, Datum.write(value, this::resolve));
            }
        });
        if (!changed.isEmpty()) {
            operation("update", row.table, there.uuid(), row.key).set("row", changed);
        }
        row.parent().ifPresent(parent -> {
            boolean hangs = find(parent.row())
                    .filter(holder -> holder.holds(parent.column(), there.uuid()))
                    .isPresent();
            if (!hangs) {
                attach(parent, Datum.uuid(there.uuid()), row.key);
            }
        });
        database.getOrDefault("Port_Group", Map.of()).values().forEach(group -> {
            boolean member = group.holds("ports", there.uuid());
            boolean should = row.portGroups.stream()
                    .anyMatch(ref -> ref.key().equals(group.map("external_ids").get(Wanted.KEY)));
            if (member && !should && row.table.equals("Logical_Switch_Port")) {
                mutate("Port_Group", Datum.uuid(group.uuid()), "ports", "delete", Datum.uuid(there.uuid()), row.key);
            }
        });
        for (Datum.Ref ref : row.portGroups) {
            if (find(ref).filter(group -> group.holds("ports", there.uuid())).isEmpty()) {
                attach(new Wanted.Parent(ref, "ports"), Datum.uuid(there.uuid()), row.key);
            }
        }
    }

    private void insert(Wanted row) {
        String name = inserted.get(row.ref());
        ObjectNode operation = JSON.objectNode();
        operation.put("op", "insert").put("table", row.table).put("uuid-name", name);
        ObjectNode columns = operation.putObject("row");
        row.columns.forEach((column, value) -> columns.set(column, Datum.write(value, this::resolve)));
        operations.add(operation);
        touched.add(Wanted.scope(row.key));
        row.parent().ifPresent(parent -> attach(parent, Datum.named(String.valueOf(name)), row.key));
        row.portGroups.forEach(
                group -> attach(new Wanted.Parent(group, "ports"), Datum.named(String.valueOf(name)), row.key));
    }

    private void attach(Wanted.Parent parent, JsonNode child, String key) {
        mutate(parent.row().table(), resolve(parent.row()), parent.column(), "insert", child, key);
    }

    // Rows that hang are taken off their hook, and the database forgets them.
    private void remove(String table, OvsdbRow row) {
        String key = row.map("external_ids").getOrDefault(Wanted.KEY, "none/none");
        Wanted.Parent holder = HOLDERS.get(table);
        if (holder == null) {
            operation("delete", table, row.uuid(), key);
            return;
        }
        touched.add(Wanted.scope(key));
        database.getOrDefault(holder.row().table(), Map.of()).values().stream()
                .filter(candidate -> candidate.holds(holder.column(), row.uuid()))
                .forEach(candidate -> mutate(
                        holder.row().table(),
                        Datum.uuid(candidate.uuid()),
                        holder.column(),
                        "delete",
                        Datum.uuid(row.uuid()),
                        key));
    }

    private void mutate(String table, JsonNode uuid, String column, String how, JsonNode atom, String key) {
        ObjectNode operation = JSON.objectNode();
        operation.put("op", "mutate").put("table", table);
        operation.putArray("where").addArray().add("_uuid").add("==").add(uuid);
        operation.putArray("mutations").addArray().add(column).add(how).add(atom);
        operations.add(operation);
        touched.add(Wanted.scope(key));
    }

    private ObjectNode operation(String op, String table, String uuid, String key) {
        ObjectNode operation = JSON.objectNode();
        operation.put("op", op).put("table", table);
        operation.putArray("where").addArray().add("_uuid").add("==").add(Datum.uuid(uuid));
        operations.add(operation);
        touched.add(Wanted.scope(key));
        return operation;
    }

    private Optional<OvsdbRow> find(Datum.Ref ref) {
        OvsdbRow here = present.get(ref);
        return here != null
                ? Optional.of(here)
                : database.getOrDefault(ref.table(), Map.of()).values().stream()
                        .filter(row -> ref.key().equals(row.map("external_ids").get(Wanted.KEY)))
                        .min(Comparator.comparing(OvsdbRow::uuid));
    }

    private JsonNode resolve(Datum.Ref ref) {
        String name = inserted.get(ref);
        if (name != null) {
            return Datum.named(name);
        }
        Optional<OvsdbRow> row = find(ref);
        if (row.isEmpty()) {
            missing.add(ref);
            return Datum.named("missing");
        }
        return Datum.uuid(row.get().uuid());
    }

    // For comparing: references as the rows they mean, as far as these are there.
    private Datum resolved(Datum value) {
        return value instanceof Datum.Many many
                ? Datum.set(many.atoms().stream()
                        .map(atom -> atom instanceof Datum.Ref ref
                                ? find(ref)
                                        .<Object>map(row -> new Datum.Uuid(row.uuid()))
                                        .orElse(ref)
                                : atom)
                        .toList())
                : value;
    }

    private static Wanted.Parent holder(String table, String column) {
        return new Wanted.Parent(new Datum.Ref(table, ""), column);
    }
}
