package io.nephos.block;

import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.MicroversionRange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The microversions, and how Cinder writes times. */
@ApplicationScoped
public class BlockApi {
    public static final Microversion MIN = new Microversion(3, 0);
    /** Everything that exists here behaves as this version says; what later ones change is not built. */
    public static final Microversion MAX = new Microversion(3, 12);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    @Produces
    @Singleton
    MicroversionRange range() {
        return new MicroversionRange("volume", MIN, MAX, Optional.empty());
    }

    /** "2026-11-20T05:53:48.000000", in UTC, without a zone; null stays null. */
    public static @Nullable String time(@Nullable OffsetDateTime time) {
        return time == null ? null : time.withOffsetSameInstant(ZoneOffset.UTC).format(TIME);
    }

    /** Now, with the resolution that the database keeps. */
    public static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }
}
