package io.nephos.kit.background;

import java.time.Duration;

/**
 * When work is done again.
 *
 * @param first how long after the start it is done for the first time
 * @param between the rest after it was done
 * @param afterFailure the rest after it could not be done
 */
public record Rhythm(Duration first, Duration between, Duration afterFailure) {
    /** After that time, and after that time again, whether it succeeds or not. */
    public static Rhythm every(Duration period) {
        return new Rhythm(period, period, period);
    }

    /** The same, but for the first time as soon as the service starts. */
    public Rhythm atOnce() {
        return new Rhythm(Duration.ZERO, between, afterFailure);
    }

    public Rhythm afterFailure(Duration rest) {
        return new Rhythm(first, between, rest);
    }
}
