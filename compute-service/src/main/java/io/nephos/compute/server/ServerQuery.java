package io.nephos.compute.server;

import io.nephos.compute.api.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Microversion;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list of servers as one SQL query: Nova's filters, sort keys and marker (API reference, "List Servers"). */
final class ServerQuery {
    static final int MAX_PAGE = 1000;
    private static final Map<String, String> SORT_KEYS = Map.ofEntries(
            Map.entry("created_at", "s.created_at"),
            Map.entry("updated_at", "s.updated_at"),
            Map.entry("launched_at", "coalesce(s.launched_at, 'epoch')"),
            Map.entry("display_name", "s.name"),
            Map.entry("display_description", "coalesce(s.description, '')"),
            Map.entry("uuid", "s.id"),
            Map.entry("vm_state", "s.vm_state"),
            Map.entry("task_state", "s.task"),
            Map.entry("power_state", "s.observed_power"),
            Map.entry("host", "s.host"),
            Map.entry("node", "s.host"),
            Map.entry("hostname", "s.hostname"),
            Map.entry("user_id", "s.user_id"),
            Map.entry("project_id", "s.project_id"),
            Map.entry("image_ref", "s.image_id"),
            Map.entry("instance_type_id", "s.flavor_id"),
            Map.entry("key_name", "coalesce(s.key_name, '')"),
            Map.entry("availability_zone", "s.zone"),
            Map.entry("config_drive", "s.config_drive"),
            Map.entry("launch_index", "s.launch_index"),
            Map.entry("root_device_name", "s.root_device"),
            Map.entry("locked_by", "s.locked_by"),
            Map.entry("access_ip_v4", "s.access_ip_v4"),
            Map.entry("access_ip_v6", "s.access_ip_v6"));
    private static final Set<String> PAGING =
            Set.of("limit", "marker", "sort_key", "sort_dir", "all_tenants", "all_projects");

    private final StringBuilder where = new StringBuilder(" where true");
    private final List<Object> values = new ArrayList<>();
    private final Microversion version;
    private final boolean admin;

    private ServerQuery(Microversion version, boolean admin) {
        this.version = version;
        this.admin = admin;
    }

    /** One server of a list, with whether its host is up. */
    record Found(ShownServer server, boolean hostUp) {}

    /** At most {@code limit + 1}: one more than is shown says that there is a next page. */
    static List<Found> run(
            Database db,
            MultivaluedMap<String, String> parameters,
            Microversion version,
            boolean admin,
            boolean allProjects,
            String projectId,
            int limit,
            @Nullable String marker) {
        ServerQuery query = new ServerQuery(version, admin);
        if (!allProjects) {
            query.and("s.project_id = ?", projectId);
        }
        parameters.forEach((name, sent) -> {
            if (!PAGING.contains(name) && !sent.isEmpty()) {
                query.filter(name, sent, allProjects);
            }
        });
        List<String[]> order = order(parameters);
        if (marker != null && !marker.isEmpty()) {
            query.after(db, marker, order, allProjects ? "" : projectId);
        }
        StringBuilder sql = new StringBuilder("select " + ShownServer.COLUMNS
                + ", coalesce(h.up, true) from server s left join host h on h.name = s.host");
        sql.append(query.where).append(" order by ");
        order.forEach(key -> sql.append(key[0]).append(' ').append(key[1]).append(", "));
        sql.setLength(sql.length() - 2);
        sql.append(" limit ").append(limit + 1);
        return db.rows(sql.toString(), query.values.toArray()).stream()
                .map(row -> new Found(ShownServer.of(row), row.getBoolean(ShownServer.COUNT)))
                .toList();
    }

    private void filter(String name, List<String> sent, boolean allProjects) {
        String value = sent.getFirst();
        switch (name) {
            case "name", "display_name" -> and("s.name ~* ?", regex(value));
            case "status" -> status(sent);
            case "flavor" -> and("s.flavor_id = ?", value);
            case "image" -> and("s.image_id = ?", value);
            case "uuid" -> and("s.id = any(?)", (Object) sent.toArray(String[]::new));
            case "ip", "ip6" ->
                and(
                        "exists (select 1 from jsonb_array_elements(s.addresses::jsonb) p, lateral (select"
                                + " jsonb_array_elements_text(coalesce(p->'fixed', '[]') || coalesce(p->'floating', '[]'))"
                                + " as a) x where x.a ~ ?)",
                        regex(value));
            case "changes-since" -> and("s.updated_at >= ?", Times.parse(name, value));
            case "changes-before" -> {
                if (version.atLeast(2, 66)) {
                    and("s.updated_at <= ?", Times.parse(name, value));
                }
            }
            case "reservation_id" -> and("s.reservation_id = ?", value);
            case "tags", "not-tags", "tags-any", "not-tags-any" -> tags(name, value);
            case "locked" -> {
                if (version.atLeast(2, 73)) {
                    and(bool(name, value) ? "s.locked_by <> ?" : "s.locked_by = ?", "");
                }
            }
            case "deleted", "soft_deleted" -> {
                if (admin && bool(name, value)) {
                    and("? = ''", "deleted servers are gone");
                }
            }
            default -> ofAdmins(name, value, allProjects);
        }
    }

    /** Filters that Nova ignores for others. */
    private void ofAdmins(String name, String value, boolean allProjects) {
        if (!admin) {
            if (!known(name) && version.atLeast(2, 75)) {
                throw unknown(name);
            }
            return;
        }
        switch (name) {
            case "host", "hypervisor_hostname", "node" -> and("s.host = ?", value);
            case "project_id", "tenant_id" -> {
                if (allProjects) {
                    and("s.project_id = ?", value);
                }
            }
            case "user_id" -> and("s.user_id = ?", value);
            case "vm_state" -> and("s.vm_state = ?", value.toUpperCase(Locale.ROOT));
            case "task_state" -> and("s.task = ?", value.replace('-', '_').toUpperCase(Locale.ROOT));
            case "power_state" -> and("s.observed_power = ?", power(value));
            case "key_name" -> and("coalesce(s.key_name, '') = ?", value);
            case "availability_zone" -> and("s.zone = ?", value);
            case "hostname" -> and("s.hostname ~* ?", regex(value));
            case "description", "display_description" -> and("coalesce(s.description, '') ~* ?", regex(value));
            case "launch_index" -> and("s.launch_index::text = ?", value);
            case "access_ip_v4" -> and("s.access_ip_v4 ~ ?", regex(value));
            case "access_ip_v6" -> and("s.access_ip_v6 ~ ?", regex(value));
            case "root_device_name" -> and("s.root_device = ?", value);
            case "config_drive" -> and("s.config_drive = ?", bool(name, value));
            case "created_at",
                    "launched_at",
                    "terminated_at",
                    "progress",
                    "locked_by",
                    "image_ref",
                    "instance_type_id",
                    "kernel_id",
                    "ramdisk_id",
                    "auto_disk_config" -> {
                // accepted by Nova's schema; equality with them finds nothing useful and is left out
            }
            default -> {
                if (version.atLeast(2, 75)) {
                    throw unknown(name);
                }
            }
        }
    }

    private static boolean known(String name) {
        return Set.of(
                        "host",
                        "hypervisor_hostname",
                        "node",
                        "project_id",
                        "tenant_id",
                        "user_id",
                        "vm_state",
                        "task_state",
                        "power_state",
                        "key_name",
                        "availability_zone",
                        "hostname",
                        "description",
                        "display_description",
                        "launch_index",
                        "access_ip_v4",
                        "access_ip_v6",
                        "root_device_name",
                        "config_drive",
                        "created_at",
                        "launched_at",
                        "terminated_at",
                        "progress",
                        "locked_by",
                        "image_ref",
                        "instance_type_id",
                        "kernel_id",
                        "ramdisk_id",
                        "auto_disk_config")
                .contains(name);
    }

    private static RuntimeException unknown(String name) {
        return Fault.badRequest("Additional properties are not allowed ('" + name + "' was unexpected)");
    }

    private void status(List<String> words) {
        List<String> known = new ArrayList<>();
        for (String word : words) {
            ServerStatus.of(word).ifPresent(status -> known.add(status.name()));
            if (!ServerStatus.known(word) && version.atLeast(2, 38)) {
                throw Fault.badRequest("Invalid status value: " + word);
            }
        }
        and(
                "(case when s.task = 'REBOOTING_HARD' and s.vm_state <> 'BUILDING' then 'HARD_REBOOT' when s.task ="
                        + " 'REBOOTING' and s.vm_state = 'ACTIVE' then 'REBOOT' when s.vm_state = 'BUILDING' then 'BUILD'"
                        + " when s.vm_state = 'STOPPED' then 'SHUTOFF' else s.vm_state end) = any(?)",
                (Object) known.toArray(String[]::new));
    }

    private void tags(String name, String value) {
        if (!version.atLeast(2, 26)) {
            return;
        }
        String[] wanted = value.split(",");
        String test = name.endsWith("any") ? "jsonb_exists_any" : "jsonb_exists_all";
        and((name.startsWith("not") ? "not " : "") + test + "(s.tags::jsonb, ?)", (Object) wanted);
    }

    private void after(Database db, String marker, List<String[]> order, String projectId) {
        StringBuilder columns = new StringBuilder();
        order.forEach(key -> columns.append(key[0]).append(", "));
        columns.setLength(columns.length() - 2);
        List<Row> rows = db.rows(
                "select " + columns + " from server s where s.id = $1 and ($2 = '' or s.project_id = $2)",
                marker,
                projectId);
        if (rows.isEmpty()) {
            throw Fault.badRequest("marker [" + marker + "] not found");
        }
        Row row = rows.getFirst();
        StringBuilder beyond = new StringBuilder();
        for (int at = 0; at < order.size(); at++) {
            beyond.append(at == 0 ? "(" : " or (");
            for (int before = 0; before < at; before++) {
                beyond.append(order.get(before)[0])
                        .append(" = ")
                        .append(place(row.getValue(before)))
                        .append(" and ");
            }
            beyond.append(order.get(at)[0])
                    .append(order.get(at)[1].equals("asc") ? " > " : " < ")
                    .append(place(row.getValue(at)))
                    .append(")");
        }
        where.append(" and (").append(beyond).append(")");
    }

    /** Pairs of SQL expression and direction; the id comes last, so that the order is total. */
    private static List<String[]> order(MultivaluedMap<String, String> parameters) {
        List<String> keys = parameters.getOrDefault("sort_key", List.of());
        List<String> directions = parameters.getOrDefault("sort_dir", List.of());
        Map<String, String[]> order = new java.util.LinkedHashMap<>();
        for (int at = 0; at < keys.size(); at++) {
            String key = keys.get(at).equals("name") ? "display_name" : keys.get(at);
            String column = SORT_KEYS.get(key);
            if (column == null) {
                throw Fault.badRequest("Sort key supplied is not valid: " + keys.get(at));
            }
            order.putIfAbsent(column, new String[] {
                column, direction(at < directions.size() ? directions.get(at) : "desc")
            });
        }
        String otherwise = directions.isEmpty() ? "desc" : direction(directions.getLast());
        order.putIfAbsent("s.created_at", new String[] {"s.created_at", otherwise});
        order.putIfAbsent("s.id", new String[] {"s.id", otherwise});
        return List.copyOf(order.values());
    }

    private static String direction(String text) {
        if (!text.equals("asc") && !text.equals("desc")) {
            throw Fault.badRequest("Unknown sort direction, must be 'desc' or 'asc'.");
        }
        return text;
    }

    private void and(String condition, Object value) {
        where.append(" and ").append(condition.replace("?", place(value)));
    }

    private String place(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    private static String regex(String text) {
        try {
            return java.util.regex.Pattern.compile(text).pattern();
        } catch (java.util.regex.PatternSyntaxException e) {
            return java.util.regex.Pattern.quote(text)
                    .replace("\\Q", "")
                    .replace("\\E", "")
                    .replaceAll("([^\\w])", "\\\\$1");
        }
    }

    private static String power(String text) {
        Map<String, String> names = new HashMap<>();
        for (Power power : Power.values()) {
            names.put(Integer.toString(power.wire()), power.name());
        }
        return names.getOrDefault(text, text.toUpperCase(Locale.ROOT));
    }

    private static boolean bool(String name, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "t", "yes", "on", "y" -> true;
            case "false", "0", "f", "no", "off", "n", "" -> false;
            default -> throw Fault.badRequest("Invalid input for query parameters " + name + ": '" + text + "'.");
        };
    }
}
