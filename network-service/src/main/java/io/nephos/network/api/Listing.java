package io.nephos.network.api;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A collection as the database gives it: filters, order and page become one query. Filters on attributes that are not
 * columns are ignored, as Neutron does; a resource adds its own conditions with {@link #where}.
 *
 * @param <R> the entity
 */
public final class Listing<R> {
    /** How the text of a filter becomes the value of a column. */
    public enum Kind {
        TEXT,
        FLAG,
        NUMBER
    }

    /** A column of the entity, by its Java name. */
    public record Column(String name, Kind kind) {
        public static Column text(String name) {
            return new Column(name, Kind.TEXT);
        }

        public static Column flag(String name) {
            return new Column(name, Kind.FLAG);
        }

        public static Column number(String name) {
            return new Column(name, Kind.NUMBER);
        }
    }

    /** Rows of one page, and whether there are more. */
    public record Slice<R>(List<R> rows, boolean more) {}

    private final Class<R> entity;
    private final Map<String, Column> columns;
    private final Query query;
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    public Listing(Class<R> entity, Map<String, Column> columns, Query query) {
        this.entity = entity;
        this.columns = columns;
        this.query = query;
        for (String attribute : query.filters()) {
            Column column = columns.get(attribute);
            if (column != null) {
                filter(attribute, column);
            }
        }
    }

    /** One more condition in HQL on {@code r}, with its parameters. */
    public Listing<R> where(String condition, Map<String, ?> values) {
        conditions.add("(" + condition + ")");
        parameters.putAll(values);
        return this;
    }

    public Slice<R> fetch(Transaction tx) {
        List<String[]> sort = new ArrayList<>();
        for (String[] key : query.sort()) {
            Column column = columns.get(key[0]);
            if (column == null) {
                throw Fault.badRequest("[" + "'" + key[0] + "' is invalid attribute for sort_keys]");
            }
            sort.add(new String[] {column.name(), key[1]});
        }
        if (sort.stream().noneMatch(key -> key[0].equals("id"))) {
            sort.add(new String[] {"id", "asc"});
        }
        int limit = query.limit();
        boolean reverse = limit > 0 && query.reverse();
        if (reverse) {
            sort.replaceAll(key -> new String[] {key[0], key[1].equals("asc") ? "desc" : "asc"});
        }
        query.marker().ifPresent(marker -> after(tx, marker, sort));
        StringBuilder hql =
                new StringBuilder("from ").append(entity.getSimpleName()).append(" r");
        if (!conditions.isEmpty()) {
            hql.append(" where ").append(String.join(" and ", conditions));
        }
        hql.append(" order by ")
                .append(String.join(
                        ", ",
                        sort.stream().map(key -> "r." + key[0] + " " + key[1]).toList()));
        if (limit == 0) {
            return new Slice<>(tx.list(entity, hql.toString(), parameters), false);
        }
        List<R> rows = tx.list(entity, hql.toString(), parameters, limit + 1);
        boolean more = rows.size() > limit;
        List<R> page = more ? rows.subList(0, limit) : rows;
        return new Slice<>(reverse ? page.reversed() : page, more);
    }

    private void filter(String attribute, Column column) {
        List<Object> values = new ArrayList<>();
        for (String text : query.values(attribute)) {
            switch (column.kind()) {
                case TEXT -> values.add(text);
                case FLAG ->
                    values.add(Query.flag(text)
                            .orElseThrow(() -> Fault.badRequest("Invalid input for " + attribute + ". Reason: '" + text
                                    + "' cannot be converted to boolean.")));
                case NUMBER -> {
                    if (!text.matches("-?\\d{1,9}")) {
                        throw Fault.badRequest(
                                "Invalid input for " + attribute + ". Reason: '" + text + "' is not an integer.");
                    }
                    values.add(Integer.parseInt(text));
                }
            }
        }
        String name = "f" + parameters.size();
        where("r." + column.name() + " in (:" + name + ")", Map.of(name, values));
    }

    // Keyset paging: the rows after the marker's in the lexicographic order of the sort keys.
    private void after(Transaction tx, String marker, List<String[]> sort) {
        String table = entity.getSimpleName();
        if (tx.count("select count(*) from " + table + " r where r.id = :marker", Map.of("marker", marker)) == 0) {
            throw Fault.badRequest("MarkerNotFound", "The marker " + marker + " could not be found.");
        }
        List<String> alternatives = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (String[] key : sort) {
            String ofMarker = "(select m." + key[0] + " from " + table + " m where m.id = :marker)";
            String sign = key[1].equals("asc") ? " > " : " < ";
            alternatives.add("(" + equal + "r." + key[0] + sign + ofMarker + ")");
            equal.append("r.").append(key[0]).append(" = ").append(ofMarker).append(" and ");
        }
        where(String.join(" or ", alternatives), Map.of("marker", marker));
    }
}
