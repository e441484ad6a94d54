package io.nephos.image.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An {@link ImageQuery} as one SQL statement for one caller. Its rows are {@code id, generation, updated_at, owner}: one more
 * than the limit, and before them the marker, if there is such an image, with {@code visibility} and {@code member} too.
 *
 * <p>The number of rows is in the text and not a parameter: with a number that it does not know PostgreSQL expects a tenth of
 * all images and plans anew each time. All else that differs from one caller to the next is a parameter, so that the statement
 * stays prepared; which the client does with what is shorter than 2,048 characters.
 */
final class ImageSql {
    private static final String ROW = "id,generation,updated_at,owner";
    private final List<Object> parameters = new ArrayList<>();
    private final ImageQuery query;
    private final String project;
    private final Optional<String> owner;
    private final Optional<String> name;
    private final String conditions;
    private final String text;
    private String me = "";

    private ImageSql(ImageQuery query, String project, boolean admin) {
        this.query = query;
        this.project = project;
        List<ImageQuery.Filter> others = new ArrayList<>(query.filters());
        this.owner = takeOnly("owner", others);
        this.name = takeOnly("name", others);
        StringBuilder all = new StringBuilder("status <> 'deleted' and os_hidden = " + parameter(query.hidden()));
        others.forEach(filter -> all.append(" and ").append(condition(filter)));
        this.conditions = all.toString();
        String page = page(ImageBranch.of(query.visibility(), admin));
        this.text = query.marker().map(id -> behind(id, page)).orElse(page);
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

    private String behind(String id, String page) {
        return "with m as materialized (select " + ROW + ", visibility, visibility = 'shared' and exists (select 1"
                + " from image_member where image_id = image.id and member_id = " + me() + ") member, "
                + keys(false) + " from image where id = " + parameter(id) + " and status <> 'deleted')"
                + " select " + ROW + ", visibility, member from m union all select *, '', false from (" + page
                + ") page";
    }

    private String page(List<ImageBranch> branches) {
        String all = branches.stream().map(this::branch).collect(Collectors.joining(" union all "));
        return "select " + ROW + " from (" + all + ") image" + end();
    }

    private String branch(ImageBranch branch) {
        String visibility = branch.visibility();
        return switch (branch.reason()) {
            case EVERYBODY_SEES -> branch(false, "image where " + conditions + among(visibility, owner));
            case MINE ->
                branch(
                        false,
                        "image where " + conditions + is("owner", owner) + among(visibility, Optional.of(project)));
            case SHARED_WITH_ME ->
                branch(
                        true,
                        sharedWithMe() + conditions + is("owner", owner) + is("name", name) + " and visibility = '"
                                + visibility + "' and owner <> " + me() + " limit 1) image");
        };
    }

    // By one key where there is one, so that no plan, however old or general, walks all images of the visibility
    // instead.
    private String among(String visibility, Optional<String> whose) {
        if (whose.isEmpty()) {
            return name.map(called -> " and visibility || ' ' || name = " + parameter(visibility + " " + called))
                    .orElse(" and visibility = '" + visibility + "'");
        }
        String key = whose.get() + " " + visibility;
        return name.map(called -> " and owner || ' ' || visibility || ' ' || name = " + parameter(key + " " + called))
                .orElseGet(() -> " and owner || ' ' || visibility = " + parameter(key));
    }

    private String is(String column, Optional<String> wanted) {
        return wanted.map(value -> " and " + column + " = " + parameter(value)).orElse("");
    }

    /** The one value that a column may have, if the filters say so; that filter is none of the others any more. */
    private static Optional<String> takeOnly(String column, List<ImageQuery.Filter> filters) {
        for (ImageQuery.Filter filter : filters) {
            if (filter instanceof ImageQuery.Filter.OneOf(String of, List<String> values)
                    && of.equals(column)
                    && values.size() == 1) {
                filters.remove(filter);
                return Optional.of(values.getFirst());
            }
        }
        return Optional.empty();
    }

    private String branch(boolean given, String from) {
        return "(select " + ROW + ", " + keys(given) + " from " + from + (given ? " where true" : "") + after(given)
                + end() + ")";
    }

    // One after the other, in the order of the members' index: a join would rather read all images, were most of them
    // shared.
    private String sharedWithMe() {
        String status = query.memberStatus();
        return "(select image_id, image_created_at from image_member where member_id = " + me()
                + (status.equals("all") ? "" : " and status = '" + status + "'")
                + ") given cross join lateral (select * from image where id = image_id and ";
    }

    private String condition(ImageQuery.Filter filter) {
        return switch (filter) {
            case ImageQuery.Filter.OneOf(String column, List<String> values)
            when values.size() == 1 -> column + " = " + parameter(values.getFirst());
            case ImageQuery.Filter.OneOf(String column, List<String> values) ->
                column + " = any(" + parameter(values.toArray(String[]::new)) + ")";
            case ImageQuery.Filter.Number(String column, String operator, long value) ->
                column + " " + operator + " " + parameter(value) + "::bigint";
            case ImageQuery.Filter.Time time ->
                "date_trunc('second', " + time.column() + ") " + time.operator() + " " + parameter(time.value());
            case ImageQuery.Filter.Flag(String column, boolean value) -> column + " = " + parameter(value);
            case ImageQuery.Filter.Tag(String value) ->
                "exists (select 1 from jsonb_array_elements_text(tags::jsonb) t where t = " + parameter(value) + ")";
            case ImageQuery.Filter.Property(String name, String value) ->
                "properties::jsonb ->> " + parameter(name) + "::text = " + parameter(value);
        };
    }

    private String keys(boolean given) {
        return IntStream.range(0, query.sorts().size())
                .mapToObj(i -> expression(query.sorts().get(i).key(), given) + " k" + i)
                .collect(Collectors.joining(", "));
    }

    /** In one direction a comparison of rows, which an index answers; else (k0 after m0) or (k0 = m0 and k1 after m1) or ... */
    private String after(boolean given) {
        if (query.marker().isEmpty()) {
            return "";
        }
        List<ImageQuery.Sort> sorts = query.sorts();
        boolean descending = sorts.getFirst().descending();
        if (sorts.stream().allMatch(sort -> sort.descending() == descending)) {
            String own =
                    sorts.stream().map(sort -> expression(sort.key(), given)).collect(Collectors.joining(", "));
            String marked = IntStream.range(0, sorts.size())
                    .mapToObj(ImageSql::ofMarker)
                    .collect(Collectors.joining(", "));
            return " and (" + own + ") " + (descending ? "<" : ">") + " (" + marked + ")";
        }
        List<String> cases = new ArrayList<>();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < sorts.size(); i++) {
            String key = expression(sorts.get(i).key(), given);
            cases.add("(" + equal + key + (sorts.get(i).descending() ? " < " : " > ") + ofMarker(i) + ")");
            equal.append(key).append(" = ").append(ofMarker(i)).append(" and ");
        }
        return " and (" + String.join(" or ", cases) + ")";
    }

    private static String ofMarker(int key) {
        return "(select k" + key + " from m)";
    }

    private String end() {
        return " order by "
                + IntStream.range(0, query.sorts().size())
                        .mapToObj(i -> "k" + i + (query.sorts().get(i).descending() ? " desc" : ""))
                        .collect(Collectors.joining(", "))
                + " limit " + (query.limit() + 1);
    }

    // Nulls sort first, and a keyset needs values that compare. What was shared has its order in the index of the
    // members.
    private static String expression(String key, boolean given) {
        return switch (key) {
            case "name", "container_format", "disk_format", "checksum", "os_hash_algo", "os_hash_value" ->
                "coalesce(" + key + ", '')";
            case "size", "virtual_size" -> "coalesce(" + key + ", -1)";
            case "id", "created_at" -> given ? "image_" + key : key;
            default -> key;
        };
    }

    // A parameter that no text names has no type.
    private String me() {
        me = me.isEmpty() ? parameter(project) : me;
        return me;
    }

    private String parameter(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }
}
