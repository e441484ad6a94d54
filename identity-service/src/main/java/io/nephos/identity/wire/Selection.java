package io.nephos.identity.wire;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Page;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list query that grows a condition for each filter that the client sent; ordered by id, for keyset pages. */
public final class Selection<T> {
    private static final Set<String> NO = Set.of("0", "f", "false", "off", "n", "no");

    private final Class<T> type;
    private final StringBuilder conditions = new StringBuilder("1 = 1");
    private final Map<String, Object> parameters = new HashMap<>();
    private Sort sort = Sort.BY_ID;

    private Selection(Class<T> type) {
        this.type = type;
    }

    public static <T> Selection<T> of(Class<T> type) {
        return new Selection<>(type);
    }

    /** Equal to the value, when there is one. */
    public Selection<T> where(String field, @Nullable Object value) {
        if (value != null) {
            String name = "p" + parameters.size();
            conditions.append(" and ").append(field).append(" = :").append(name);
            parameters.put(name, value);
        }
        return this;
    }

    /** By an operator of HQL. */
    public Selection<T> whereCompared(String field, String operator, Object value) {
        String name = "p" + parameters.size();
        conditions
                .append(" and ")
                .append(field)
                .append(' ')
                .append(operator)
                .append(" :")
                .append(name);
        parameters.put(name, value);
        return this;
    }

    /** Equal but for case, when there is a value. */
    public Selection<T> whereIgnoringCase(String field, @Nullable String value) {
        return value == null ? this : where("lower(" + field + ")", value.toLowerCase(Locale.ROOT));
    }

    /** An attribute that is a boolean, by {@link #flag}. */
    public Selection<T> whereFlag(String field, @Nullable String value) {
        if (value == null) {
            return this;
        }
        return where(field, flag(value));
    }

    public Selection<T> whereIn(String field, @Nullable List<String> values) {
        if (values != null) {
            String name = "p" + parameters.size();
            conditions
                    .append(" and ")
                    .append(field)
                    .append(" in (:")
                    .append(name)
                    .append(')');
            parameters.put(name, values.isEmpty() ? List.of("") : values);
        }
        return this;
    }

    /** A condition of its own, with named parameters that are not called p and a number. */
    public Selection<T> and(String hql, Map<String, ?> named) {
        conditions.append(" and ").append(hql);
        parameters.putAll(named);
        return this;
    }

    /** In that order instead of the ids'. */
    public Selection<T> sorted(Sort by) {
        sort = by;
        return this;
    }

    public List<T> list(Transaction tx) {
        return tx.list(type, hql(), parameters);
    }

    /** One more than the page, so that the caller sees whether there is a next one. */
    public List<T> page(Transaction tx, Page page) {
        page.marker().ifPresent(marker -> {
            conditions.append(" and ").append(after());
            parameters.put("marker", marker);
        });
        return page.limit() == Integer.MAX_VALUE ? list(tx) : tx.list(type, hql(), parameters, page.limit() + 1);
    }

    /** What comes after the row of the marker; nothing does when that row is gone and the order is not the ids'. */
    private String after() {
        String than = sort.descending() ? " < " : " > ";
        if (sort.field().equals("id")) {
            return "id" + than + ":marker";
        }
        String there = "(select m." + sort.field() + " from " + type.getSimpleName() + " m where m.id = :marker)";
        return "(" + sort.field() + than + there + " or " + sort.field() + " = " + there + " and id" + than
                + ":marker)";
    }

    private String hql() {
        String direction = sort.descending() ? " desc" : "";
        return "from " + type.getSimpleName() + " where " + conditions + " order by " + sort.field() + direction
                + (sort.field().equals("id") ? "" : ", id" + direction);
    }

    /** What a filter by an attribute says, by Keystone's rule: a word for no is false, all else is true. */
    public static boolean flag(String value) {
        return !NO.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /** A query parameter that asks for something, by Keystone's rule: it is there, and not as "0". */
    public static boolean asked(MultivaluedMap<String, String> query, String name) {
        return query.containsKey(name) && !"0".equals(query.getFirst(name));
    }
}
