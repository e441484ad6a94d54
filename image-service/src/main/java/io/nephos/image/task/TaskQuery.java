package io.nephos.image.task;

import io.nephos.image.PageQuery;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which tasks a list is asked for (Image API v2, "List tasks"). 400 for what cannot be. */
record TaskQuery(
        Optional<TaskType> type,
        Optional<String> status,
        String sortKey,
        boolean descending,
        Optional<String> marker,
        int limit) {
    /** By the API's names, each for a row of that alias; none of them is ever null. */
    private static final Map<String, String> SORT_KEYS = Map.of(
            "id", "%1$sid",
            "type", "%1$stype",
            "status", "%1$sstatus",
            "owner", "%1$sowner",
            "image_id", "%1$simageId",
            "user_id", "%1$suserId",
            "request_id", "%1$srequestId",
            "created_at", "%1$screatedAt",
            "updated_at", "%1$supdatedAt",
            "expires_at", "coalesce(%1$sexpiresAt, %1$screatedAt)");

    static TaskQuery of(MultivaluedMap<String, String> sent) {
        PageQuery page = new PageQuery(sent);
        Optional<String> marker = page.value("marker");
        if (marker.isPresent() && !Fields.isUuid(marker.get())) {
            throw Fault.badRequest("Invalid marker format");
        }
        String key = page.value("sort_key").orElse("created_at");
        if (!SORT_KEYS.containsKey(key)) {
            throw Fault.badRequest("Unsupported sort_key. Acceptable values: "
                    + String.join(", ", SORT_KEYS.keySet().stream().sorted().toList()));
        }
        return new TaskQuery(
                page.value("type")
                        .map(type ->
                                TaskType.of(type).orElseThrow(() -> Fault.badRequest("Invalid type value: " + type))),
                page.value("status").map(TaskQuery::status),
                key,
                page.descending(),
                marker,
                page.limit());
    }

    /** Those behind the marker, in their order. */
    String hql(Map<String, Object> parameters) {
        List<String> conditions = new ArrayList<>(List.of("(expiresAt is null or expiresAt > :now)"));
        type.ifPresent(wanted -> {
            conditions.add("type = :type");
            parameters.put("type", wanted.wire());
        });
        status.ifPresent(wanted -> {
            conditions.add("status = :status");
            parameters.put("status", wanted);
        });
        String key = SORT_KEYS.getOrDefault(sortKey, "%1$screatedAt");
        String field = key.formatted("");
        String direction = descending ? " desc" : " asc";
        marker.ifPresent(id -> {
            String beyond = descending ? " < " : " > ";
            String there = "(select " + key.formatted("m.") + " from TaskRow m where m.id = :marker)";
            conditions.add(
                    "(" + field + beyond + there + " or " + field + " = " + there + " and id" + beyond + ":marker)");
            parameters.put("marker", id);
        });
        return "from TaskRow where " + String.join(" and ", conditions) + " order by " + field + direction + ", id"
                + direction;
    }

    private static String status(String text) {
        if (Stream.of("pending", "processing", "success", "failure").noneMatch(text::equals)) {
            throw Fault.badRequest("Invalid status value: " + text);
        }
        return text;
    }
}
