package io.nephos.compute.api;

import io.nephos.kit.fault.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Nova's two ways to write a time, both UTC. */
public final class Times {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'");
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private Times() {}

    /** As PostgreSQL keeps it: microseconds. */
    public static OffsetDateTime now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /** "2026-11-20T05:40:00Z", as created and updated are. */
    public static String seconds(OffsetDateTime time) {
        return SECONDS.format(time.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** "2026-11-20T05:40:00.000000", as launched_at and the times of actions are. */
    public static String micros(OffsetDateTime time) {
        return MICROS.format(time.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** ISO 8601 with an offset, or without one for UTC. 400 otherwise. */
    public static OffsetDateTime parse(String name, String text) {
        String iso = text.strip().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso.length() == 10 ? iso + "T00:00:00Z" : iso);
        } catch (DateTimeException withoutOffset) {
            try {
                return LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw Fault.badRequest(
                        "Invalid input for query parameters " + name + ": '" + text + "' is not a time in ISO 8601.");
            }
        }
    }
}
