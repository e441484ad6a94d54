package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a list was asked for (Image API, "List images"): filters, sort keys, marker and limit. 400 for what cannot be.
 *
 * @param visibility empty: what the caller usually sees; "all": community images too
 * @param memberStatus "accepted" unless asked for
 */
public record ImageQuery(
        List<Filter> filters,
        Optional<String> visibility,
        String memberStatus,
        boolean hidden,
        List<Sort> sorts,
        Optional<String> marker,
        int limit) {
    private static final int USUAL_LIMIT = 25;
    private static final int LARGEST_LIMIT = 1000;
    private static final Set<String> IN_FIELDS = Set.of("id", "name", "status", "container_format", "disk_format");
    private static final Set<String> TEXT_FIELDS =
            Set.of("owner", "checksum", "os_hash_algo", "os_hash_value", "visibility");
    private static final Set<String> NUMBER_FIELDS = Set.of("size", "virtual_size", "min_ram", "min_disk");
    private static final Map<String, String> OPERATORS =
            Map.of("gt", ">", "gte", ">=", "lt", "<", "lte", "<=", "eq", "=", "neq", "<>");
    static final Set<String> SORT_KEYS = Set.of(
            "name",
            "status",
            "container_format",
            "disk_format",
            "size",
            "id",
            "created_at",
            "updated_at",
            "min_ram",
            "min_disk",
            "owner",
            "visibility",
            "protected",
            "checksum",
            "virtual_size",
            "os_hidden",
            "os_hash_algo",
            "os_hash_value");

    /** One condition on an image. */
    sealed interface Filter {
        /** A column among texts. */
        record OneOf(String column, List<String> values) implements Filter {}

        record Number(String column, String operator, long value) implements Filter {}

        record Time(String column, String operator, OffsetDateTime value) implements Filter {}

        record Flag(String column, boolean value) implements Filter {}

        record Tag(String value) implements Filter {}

        record Property(String name, String value) implements Filter {}
    }

    record Sort(String key, boolean descending) {}

    public static ImageQuery of(MultivaluedMap<String, String> sent) {
        List<Filter> filters = new ArrayList<>();
        sent.forEach(
                (name, values) -> values.forEach(value -> filter(name, value).ifPresent(filters::add)));
        return new ImageQuery(
                List.copyOf(filters),
                first(sent, "visibility").map(ImageQuery::visibility),
                first(sent, "member_status").map(ImageQuery::memberStatus).orElse("accepted"),
                first(sent, "os_hidden").map(value -> flag("os_hidden", value)).orElse(false),
                sorts(sent),
                first(sent, "marker"),
                first(sent, "limit").map(ImageQuery::limit).orElse(USUAL_LIMIT));
    }

    private static Optional<Filter> filter(String name, String value) {
        if (value.indexOf('\0') >= 0 || name.indexOf('\0') >= 0) {
            throw Fault.badRequest("A filter must not contain a NUL character.");
        }
        // What stands for bytes that are no text.
        if (value.indexOf('\uFFFD') >= 0) {
            throw Fault.badRequest("The value of the filter " + name + " is not UTF-8.");
        }
        return switch (name) {
            case "limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status", "os_hidden" ->
                Optional.empty();
            case "changes-since" -> throw Fault.badRequest("changes-since filter is not supported.");
            case "tag" -> Optional.of(new Filter.Tag(ImageAttribute.tag(value)));
            case "size_min" -> Optional.of(new Filter.Number("size", ">=", number(name, value)));
            case "size_max" -> Optional.of(new Filter.Number("size", "<=", number(name, value)));
            case "protected" -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw Fault.badRequest("Invalid value '" + value
                            + "' for 'protected' filter. Valid values are 'true' or 'false'.");
                }
                yield Optional.of(new Filter.Flag("protected", value.equals("true")));
            }
            case "created_at", "updated_at" -> Optional.of(time(name, value));
            default -> {
                if (NUMBER_FIELDS.contains(name)) {
                    yield Optional.of(compared(name, value));
                }
                if (IN_FIELDS.contains(name) && value.startsWith("in:")) {
                    yield Optional.of(new Filter.OneOf(name, listed(value.substring(3))));
                }
                if (IN_FIELDS.contains(name) || TEXT_FIELDS.contains(name)) {
                    yield Optional.of(new Filter.OneOf(name, List.of(value)));
                }
                yield Optional.of(new Filter.Property(name, value));
            }
        };
    }

    private static List<Sort> sorts(MultivaluedMap<String, String> sent) {
        List<Sort> sorts = new ArrayList<>();
        List<String> keys = sent.getOrDefault("sort_key", List.of());
        List<String> directions = sent.getOrDefault("sort_dir", List.of());
        Optional<String> combined = first(sent, "sort");
        if (combined.isPresent()) {
            if (!keys.isEmpty() || !directions.isEmpty()) {
                throw Fault.badRequest("Old and new sorting syntax cannot be combined.");
            }
            for (String item : combined.get().split(",", -1)) {
                String[] parts = item.strip().split(":", 2);
                sorts.add(sort(parts[0], parts.length == 2 ? parts[1] : "desc"));
            }
        } else {
            if (directions.size() > 1 && directions.size() != keys.size()) {
                throw Fault.badRequest("Number of sort dirs does not match the number of sort keys.");
            }
            String only = directions.isEmpty() ? "desc" : directions.getFirst();
            for (int i = 0; i < keys.size(); i++) {
                sorts.add(sort(keys.get(i), directions.size() > 1 ? directions.get(i) : only));
            }
            if (keys.isEmpty()) {
                sorts.add(sort("created_at", only));
            }
        }
        boolean last = sorts.getLast().descending();
        for (String unique : List.of("created_at", "id")) {
            if (sorts.stream().noneMatch(sort -> sort.key().equals(unique))) {
                sorts.add(new Sort(unique, last));
            }
        }
        return List.copyOf(sorts);
    }

    private static Sort sort(String key, String direction) {
        if (!SORT_KEYS.contains(key)) {
            throw Fault.badRequest("Unsupported sort_key. Acceptable values: "
                    + String.join(", ", SORT_KEYS.stream().sorted().toList()) + ".");
        }
        return switch (direction) {
            case "asc" -> new Sort(key, false);
            case "desc" -> new Sort(key, true);
            default -> throw Fault.badRequest("Invalid sort direction: " + direction + ".");
        };
    }

    private static String visibility(String value) {
        if (!Set.of("public", "private", "shared", "community", "all").contains(value)) {
            throw Fault.badRequest("Invalid visibility value: " + value + ".");
        }
        return value;
    }

    private static String memberStatus(String value) {
        if (!Set.of("pending", "accepted", "rejected", "all").contains(value)) {
            throw Fault.badRequest("Invalid status: " + value + ".");
        }
        return value;
    }

    private static int limit(String text) {
        long limit = number("limit", text);
        if (limit < 0) {
            throw Fault.badRequest("limit param must be positive.");
        }
        return (int) Math.min(limit, LARGEST_LIMIT);
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw Fault.badRequest("Filter " + name + " must be an integer.");
        }
    }

    private static boolean flag(String name, String value) {
        return switch (value.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Fault.badRequest("Invalid value '" + value + "' for '" + name + "': true or false.");
        };
    }

    private static Filter compared(String column, String value) {
        int colon = value.indexOf(':');
        String operator = colon > 0 ? OPERATORS.getOrDefault(value.substring(0, colon), "") : "";
        return operator.isEmpty()
                ? new Filter.Number(column, "=", number(column, value))
                : new Filter.Number(column, operator, number(column, value.substring(colon + 1)));
    }

    private static Filter time(String column, String value) {
        int colon = value.indexOf(':');
        String operator = colon > 0 ? value.substring(0, colon) : "";
        if (OPERATORS.containsKey(operator)) {
            return new Filter.Time(column, OPERATORS.get(operator), time(value.substring(colon + 1)));
        }
        return new Filter.Time(column, "=", time(value));
    }

    private static OffsetDateTime time(String text) {
        try {
            if (text.matches(".*T.*(Z|[+-]\\d{2}:?\\d{2})")) {
                return OffsetDateTime.parse(text.replaceAll("([+-]\\d{2})(\\d{2})$", "$1:$2"));
            }
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
            }
            return LocalDateTime.parse(text.replace(' ', 'T')).atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Fault.badRequest("Invalid time format: " + text + ".");
        }
    }

    /** Values between commas; one in double quotes may hold commas itself. */
    private static List<String> listed(String text) {
        List<String> all = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        boolean quoted = false;
        for (char c : text.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                all.add(current.toString());
                current.setLength(0);
            } else {
                current.append(c);
            }
        }
        if (quoted) {
            throw Fault.badRequest("Invalid filter value '" + text + "'. The quote is not closed.");
        }
        all.add(current.toString());
        return List.copyOf(all);
    }

    private static Optional<String> first(MultivaluedMap<String, String> sent, String name) {
        return Optional.ofNullable(sent.getFirst(name)).filter(value -> !value.isEmpty());
    }
}
