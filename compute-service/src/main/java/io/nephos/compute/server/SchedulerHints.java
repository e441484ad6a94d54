package io.nephos.compute.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.compute.api.Json;
import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a user wishes of the place of a server: {@code os:scheduler_hints}, or {@code OS-SCH-HNT:scheduler_hints} as of old
 * (API reference, "Create Server"). Hints that are not known are accepted, as Nova's schema has it, and nobody reads them;
 * so are target_cell and different_cell, as there is one cell. Empty is "not given".
 *
 * @param sameHost servers, by id
 * @param cidr "/24"
 * @param query of JsonFilter: a JSON list
 */
record SchedulerHints(
        String groupId,
        List<String> sameHost,
        List<String> differentHost,
        String nearHostIp,
        String cidr,
        String query) {
    static final SchedulerHints NONE = new SchedulerHints("", List.of(), List.of(), "", "", "");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the body of a request; a 400 names the hint that is not one. */
    static SchedulerHints of(Fields body) {
        return body.optionalObject("os:scheduler_hints")
                .or(() -> body.optionalObject("OS-SCH-HNT:scheduler_hints"))
                .map(SchedulerHints::read)
                .orElse(NONE);
    }

    private static SchedulerHints read(Fields hints) {
        hints.optionalText("target_cell", 1, 255);
        hints.texts("different_cell", 1, 255);
        return new SchedulerHints(
                hints.optionalUuid("group").orElse(""),
                servers(hints, "same_host"),
                servers(hints, "different_host"),
                address(hints),
                cidr(hints),
                query(hints));
    }

    /** All but the group, which is a column of its own. */
    String text() {
        Map<String, Object> given = new TreeMap<>();
        put(given, "same_host", sameHost, sameHost.isEmpty());
        put(given, "different_host", differentHost, differentHost.isEmpty());
        put(given, "build_near_host_ip", nearHostIp, nearHostIp.isEmpty());
        put(given, "cidr", cidr, cidr.isEmpty());
        put(given, "query", query, query.isEmpty());
        return Json.text(given);
    }

    /** As {@link #text} wrote it. */
    static SchedulerHints stored(String text) {
        return text.equals("{}") ? NONE : read(Fields.ofBody(Json.tree(text)));
    }

    private static void put(Map<String, Object> given, String name, Object value, boolean empty) {
        if (!empty) {
            given.put(name, value);
        }
    }

    /** One id or a list of them. */
    private static List<String> servers(Fields hints, String name) {
        if (hints.json().path(name).isTextual()) {
            return List.of(hints.uuid(name));
        }
        List<String> ids = hints.texts(name, 1, 255);
        if (!ids.stream().allMatch(Fields::isUuid)) {
            throw hints.invalid(name, "must be the UUID of a server or a list of them.");
        }
        return List.copyOf(ids);
    }

    private static String address(Fields hints) {
        String address = hints.optionalText("build_near_host_ip", 1, 64).orElse("");
        return address.contains(":")
                ? ServerRequest.ip(hints, "build_near_host_ip", true)
                : ServerRequest.ip(hints, "build_near_host_ip", false);
    }

    private static String cidr(Fields hints) {
        Optional<String> cidr = hints.optionalText("cidr", 1, 255);
        if (cidr.filter(text -> !text.matches("/(12[0-8]|1[01][0-9]|[1-9]?[0-9])"))
                .isPresent()) {
            throw hints.invalid("cidr", "must be a prefix length such as '/24'.");
        }
        return cidr.orElse("");
    }

    private static String query(Fields hints) {
        Optional<String> query = hints.optionalText("query", 1, 4096);
        if (query.filter(text -> !isList(text)).isPresent()) {
            throw hints.invalid(
                    "query", "must be a JSON list in a string, such as '[\">=\", \"$free_ram_mb\", 1024]'.");
        }
        return query.orElse("");
    }

    private static boolean isList(String text) {
        try {
            JsonNode query = JSON.readTree(text);
            return query.isArray() && !query.isEmpty();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
