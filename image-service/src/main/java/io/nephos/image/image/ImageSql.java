package io.nephos.image.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An {@link ImageQuery} as one SQL statement for one caller; asks for one row more than the limit. */
final class ImageSql {
    private final StringBuilder where = new StringBuilder("status <> 'deleted'");
    private final List<Object> parameters = new ArrayList<>();
    private final String text;

    private ImageSql(ImageQuery query, String project, boolean admin) {
        see(query, project, admin);
        and("os_hidden = " + parameter(query.hidden()));
        query.filters().forEach(this::filter);
        String with = "";
        String from = "image";
        if (query.marker().isPresent()) {
            with = "with marker as (select " + markerColumns(query.sorts()) + " from image where id = "
                    + parameter(query.marker().get()) + ") ";
            from = "image, marker";
            and(after(query.sorts()));
        }
        text = with + "select image.id, image.generation, image.updated_at, image.owner from " + from + " where "
                + where + " order by " + order(query.sorts()) + " limit " + parameter(query.limit() + 1);
    }

    static ImageSql of(ImageQuery query, String project, boolean admin) {
        return new ImageSql(query, project, admin);
    }

    String text() {
        return text;
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    private void see(ImageQuery query, String project, boolean admin) {
        Optional<String> asked = query.visibility();
        if (!admin) {
            String me = parameter(project);
            boolean community =
                    asked.filter(v -> v.equals("all") || v.equals("community")).isPresent();
            and("(visibility = 'public' or owner = " + me + " or " + sharedWith(me, query.memberStatus())
                    + (community ? " or visibility = 'community'" : "") + ")");
        } else if (asked.isEmpty()) {
            and("(visibility <> 'community' or owner = " + parameter(project) + ")");
        }
        asked.filter(v -> !v.equals("all")).ifPresent(v -> and("visibility = " + parameter(v)));
    }

    private String sharedWith(String member, String status) {
        // An array, so that each side of the "or" has an index.
        return "(visibility = 'shared' and id = any(array(select m.image_id from image_member m where m.member_id = "
                + member + (status.equals("all") ? "" : " and m.status = " + parameter(status)) + ")))";
    }

    private void filter(ImageQuery.Filter filter) {
        and(
                switch (filter) {
                    case ImageQuery.Filter.OneOf(String column, List<String> values)
                    when values.size() == 1 -> column + " = " + parameter(values.getFirst());
                    case ImageQuery.Filter.OneOf(String column, List<String> values) ->
                        column + " = any(" + parameter(values.toArray(String[]::new)) + ")";
                    case ImageQuery.Filter.Number(String column, String operator, long value) ->
                        column + " " + operator + " " + parameter(value) + "::bigint";
                    case ImageQuery.Filter.Time time ->
                        "date_trunc('second', " + time.column() + ") " + time.operator() + " "
                                + parameter(time.value());
                    case ImageQuery.Filter.Flag(String column, boolean value) -> column + " = " + parameter(value);
                    case ImageQuery.Filter.Tag(String value) ->
                        "exists (select 1 from jsonb_array_elements_text(tags::jsonb) t where t = " + parameter(value)
                                + ")";
                    case ImageQuery.Filter.Property(String name, String value) ->
                        "properties::jsonb ->> " + parameter(name) + "::text = " + parameter(value);
                });
    }

    private static String markerColumns(List<ImageQuery.Sort> sorts) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < sorts.size(); i++) {
            columns.add(expression(sorts.get(i).key()) + " as k" + i);
        }
        return String.join(", ", columns);
    }

    // (k0 after m0) or (k0 = m0 and k1 after m1) or ...
    private static String after(List<ImageQuery.Sort> sorts) {
        List<String> cases = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < sorts.size(); i++) {
            ImageQuery.Sort sort = sorts.get(i);
            String column = expression(sort.key());
            cases.add("(" + equal + column + (sort.descending() ? " < " : " > ") + "marker.k" + i + ")");
            equal.append(column).append(" = marker.k").append(i).append(" and ");
        }
        return "(" + String.join(" or ", cases) + ")";
    }

    private static String order(List<ImageQuery.Sort> sorts) {
        return String.join(
                ", ",
                sorts.stream()
                        .map(sort -> expression(sort.key()) + (sort.descending() ? " desc" : " asc"))
                        .toList());
    }

    // Nulls sort first, and a keyset needs values that compare.
    private static String expression(String key) {
        return switch (key) {
            case "name", "container_format", "disk_format", "checksum", "os_hash_algo", "os_hash_value" ->
                "coalesce(" + key + ", '')";
            case "size", "virtual_size" -> "coalesce(" + key + ", -1)";
            default -> key;
        };
    }

    private void and(String condition) {
        where.append(" and ").append(condition);
    }

    private String parameter(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }
}
