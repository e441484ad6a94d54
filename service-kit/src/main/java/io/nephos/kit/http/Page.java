package io.nephos.kit.http;

import io.nephos.kit.fault.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A keyset page: at most {@code limit} items after the item whose id is {@code marker}.
 *
 * @param limit from 1 to the service's maximum
 */
public record Page(int limit, Optional<String> marker) {
    /** From the query parameters as sent. 400 for a limit that is not a number or negative; 0 and none mean the maximum. */
    public static Page of(@Nullable String limit, @Nullable String marker, int maximum) {
        return new Page(
                limit(limit, maximum),
                Optional.ofNullable(marker).map(String::strip).filter(text -> !text.isEmpty()));
    }

    private static int limit(@Nullable String text, int maximum) {
        if (text == null) {
            return maximum;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value < 0) {
                throw Fault.badRequest("limit must be a non-negative integer, not '" + text + "'.");
            }
            return value == 0 ? maximum : (int) Math.min(value, maximum);
        } catch (NumberFormatException e) {
            throw Fault.badRequest("limit must be an integer, not '" + text + "'.");
        }
    }
}
