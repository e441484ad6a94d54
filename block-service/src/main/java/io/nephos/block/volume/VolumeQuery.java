package io.nephos.block.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a list of volumes asks for, from its query parameters.
 *
 * @param limit 0 to {@link #MAX_LIMIT}
 * @param filters by column; those that Cinder does not know are left out
 */
record VolumeQuery(
        int limit,
        int offset,
        Optional<String> marker,
        List<Sort> sorts,
        Map<String, String> filters,
        Map<String, String> metadata,
        Map<String, String> imageMetadata,
        boolean allProjects) {

    static final int MAX_LIMIT = 1000;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> COLUMNS = Map.ofEntries(
            Map.entry("id", "id"),
            Map.entry("name", "name"),
            Map.entry("display_name", "name"),
            Map.entry("status", "status"),
            Map.entry("size", "size_gib"),
            Map.entry("bootable", "bootable"),
            Map.entry("availability_zone", "availability_zone"),
            Map.entry("user_id", "user_id"),
            Map.entry("project_id", "project_id"),
            Map.entry("volume_type_id", "type_id"),
            Map.entry("source_volid", "source_volume_id"));
    private static final Map<String, String> SORTABLE = Map.ofEntries(
            Map.entry("id", "id"),
            Map.entry("name", "coalesce(name, '')"),
            Map.entry("display_name", "coalesce(name, '')"),
            Map.entry("status", "status"),
            Map.entry("size", "size_gib"),
            Map.entry("bootable", "bootable"),
            Map.entry("availability_zone", "availability_zone"),
            Map.entry("created_at", "created_at"),
            Map.entry("updated_at", "coalesce(updated_at, created_at)"));

    record Sort(String expression, boolean ascending) {}

    /** 400 for a limit, sort or metadata that cannot be understood. */
    static VolumeQuery of(MultivaluedMap<String, String> parameters, boolean admin) {
        Map<String, String> filters = new LinkedHashMap<>();
        COLUMNS.forEach((name, column) -> {
            String value = parameters.getFirst(name);
            if (value != null && (admin || !name.equals("project_id"))) {
                filters.put(column, column.equals("bootable") ? bootable(value) : value);
            }
        });
        if (parameters.containsKey("group_id") || parameters.containsKey("consistencygroup_id")) {
            filters.put("id", ""); // there are no groups, so nothing is in one
        }
        return new VolumeQuery(
                Math.min(number("limit", parameters.getFirst("limit"), MAX_LIMIT), MAX_LIMIT),
                number("offset", parameters.getFirst("offset"), 0),
                Optional.ofNullable(parameters.getFirst("marker")).filter(text -> !text.isBlank()),
                sorts(parameters.getFirst("sort"), parameters.getFirst("sort_key"), parameters.getFirst("sort_dir")),
                filters,
                dictionary("metadata", parameters.getFirst("metadata")),
                dictionary("glance_metadata", parameters.getFirst("glance_metadata")),
                admin && truth(parameters.getFirst("all_tenants")));
    }

    private static boolean truth(@Nullable String text) {
        return text != null && List.of("1", "true", "yes", "on", "t", "y").contains(text.toLowerCase(Locale.ROOT));
    }

    private static int number(String name, @Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, as for a negative one
        }
        throw Fault.badRequest(name + " must be a non-negative integer, not '" + text + "'.");
    }

    private static String bootable(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on", "t", "y" -> "true";
            case "false", "0", "no", "off", "f", "n" -> "false";
            default -> throw Fault.badRequest("bootable must be true or false, not '" + value + "'.");
        };
    }

    private static List<Sort> sorts(@Nullable String sort, @Nullable String key, @Nullable String direction) {
        if (sort != null && (key != null || direction != null)) {
            throw Fault.badRequest("The 'sort_key' and 'sort_dir' parameters cannot be used with 'sort'.");
        }
        List<Sort> sorts = new ArrayList<>();
        if (sort != null) {
            for (String part : sort.split(",")) {
                int colon = part.indexOf(':');
                sorts.add(
                        colon < 0
                                ? sort(part.strip(), "desc")
                                : sort(part.substring(0, colon).strip(), part.substring(colon + 1)));
            }
        } else {
            sorts.add(sort(key == null ? "created_at" : key, direction == null ? "desc" : direction));
        }
        if (sorts.stream().noneMatch(each -> each.expression().equals("id"))) {
            sorts.add(new Sort("id", sorts.getLast().ascending()));
        }
        return List.copyOf(sorts);
    }

    private static Sort sort(String key, String direction) {
        String expression = SORTABLE.get(key);
        if (expression == null) {
            throw Fault.badRequest("Volumes cannot be sorted by '" + key + "'.");
        }
        return new Sort(
                expression,
                switch (direction.strip()) {
                    case "asc" -> true;
                    case "desc" -> false;
                    default -> throw Fault.badRequest("The sort direction must be asc or desc.");
                });
    }

    /** JSON, or the way Python prints a dictionary, which is what Cinder's clients send. */
    private static Map<String, String> dictionary(String name, @Nullable String text) {
        if (text == null) {
            return Map.of();
        }
        for (String attempt : List.of(text, text.replace('\'', '"'))) {
            try {
                return MAPPER.readValue(attempt, new TypeReference<Map<String, String>>() {});
            } catch (JsonProcessingException e) {
                continue;
            }
        }
        throw Fault.badRequest(name + " must be a dictionary of texts, not '" + text + "'.");
    }
}
