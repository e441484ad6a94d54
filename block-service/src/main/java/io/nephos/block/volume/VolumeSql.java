package io.nephos.block.volume;

import io.nephos.block.Json;
import io.nephos.block.volume.VolumeQuery.Sort;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** A {@link VolumeQuery} as SQL for one project's eyes, or for all. */
final class VolumeSql {
    private final StringJoiner where = new StringJoiner(" and ", " where ", "").setEmptyValue("");
    private final List<Object> parameters = new ArrayList<>();

    private VolumeSql(VolumeQuery query, String project) {
        if (!query.allProjects()) {
            where.add("project_id = " + parameter(project));
        }
        query.filters().forEach((column, value) -> {
            String text = column.equals("name") || column.equals("status") ? column : column + "::text";
            where.add(text + " = " + parameter(value));
        });
        if (!query.metadata().isEmpty()) {
            where.add("metadata::jsonb @> " + parameter(Json.write(query.metadata())) + "::text::jsonb");
        }
        if (!query.imageMetadata().isEmpty()) {
            where.add("image_metadata::jsonb @> " + parameter(Json.write(query.imageMetadata())) + "::text::jsonb");
        }
    }

    static VolumeSql of(VolumeQuery query, String project) {
        return new VolumeSql(query, project);
    }

    /** The rows of the page; a marker has been found to exist. */
    String page(VolumeQuery query) {
        String with = "";
        query.marker().ifPresent(marker -> where.add(after(query.sorts())));
        if (query.marker().isPresent()) {
            StringJoiner columns = new StringJoiner(", ");
            int index = 0;
            for (Sort sort : query.sorts()) {
                columns.add(sort.expression() + " as m" + index++);
            }
            with = "with marker as (select " + columns + " from volume where id = "
                    + parameter(query.marker().get()) + ") ";
        }
        StringJoiner order = new StringJoiner(", ");
        query.sorts().forEach(sort -> order.add(sort.expression() + (sort.ascending() ? " asc" : " desc")));
        return with + "select * from volume" + where + " order by " + order + " limit " + query.limit() + " offset "
                + query.offset();
    }

    /** How many there are and how large they are together. */
    String total() {
        return "select count(*) as number, coalesce(sum(size_gib), 0)::bigint as gib from volume" + where;
    }

    Object[] parameters() {
        return parameters.toArray();
    }

    // (a, b) after the marker, with a direction for each: a beyond m0, or a = m0 and b beyond m1.
    private static String after(List<Sort> sorts) {
        StringJoiner any = new StringJoiner(" or ", "(", ")");
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < sorts.size(); i++) {
            String mark = "(select m" + i + " from marker)";
            String expression = sorts.get(i).expression();
            any.add("(" + equal + expression + (sorts.get(i).ascending() ? " > " : " < ") + mark + ")");
            equal.append(expression).append(" = ").append(mark).append(" and ");
        }
        return any.toString();
    }

    private String parameter(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }
}
