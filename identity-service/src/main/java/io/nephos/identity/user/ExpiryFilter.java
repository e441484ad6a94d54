package io.nephos.identity.user;

import io.nephos.identity.wire.Selection;
import io.nephos.kit.fault.Fault;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code password_expires_at=gt:2026-12-08T22:02:00Z}: lt, lte, gt, gte, eq or neq, and eq without any. */
record ExpiryFilter(String operator, Instant at) {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'");
    private static final Map<String, String> OPERATORS =
            Map.of("lt", "<", "lte", "<=", "gt", ">", "gte", ">=", "eq", "=", "neq", "<>");

    /** 400 for a value that is not of that form. */
    static List<ExpiryFilter> all(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream().map(ExpiryFilter::of).toList();
    }

    private static ExpiryFilter of(String value) {
        int colon = value.indexOf(':');
        String first = colon < 0 ? "" : value.substring(0, colon);
        boolean named = first.matches("[a-z]+");
        if (named && !OPERATORS.containsKey(first)) {
            throw Fault.badRequest("Invalid operator '" + first + "' of the filter password_expires_at.");
        }
        try {
            return new ExpiryFilter(
                    named ? first : "eq",
                    LocalDateTime.parse(named ? value.substring(colon + 1) : value, FORMAT)
                            .toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            throw Fault.badRequest(
                    "Timestamp not in expected format. The server could not comply with the request since"
                            + " it is either malformed or otherwise incorrect. The client is assumed to be in error.");
        }
    }

    void narrow(Selection<UserRow> users) {
        users.whereCompared("passwordExpiresAt", OPERATORS.getOrDefault(operator, "="), at);
    }

    boolean fits(UserRow row) {
        if (row.passwordExpiresAt == null) {
            return false;
        }
        int order = row.passwordExpiresAt.compareTo(at);
        return switch (operator) {
            case "lt" -> order < 0;
            case "lte" -> order <= 0;
            case "gt" -> order > 0;
            case "gte" -> order >= 0;
            case "neq" -> order != 0;
            default -> order == 0;
        };
    }
}
