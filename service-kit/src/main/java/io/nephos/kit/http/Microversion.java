package io.nephos.kit.http;

import java.util.Comparator;
import java.util.Optional;

/** An API microversion such as 2.47. */
public record Microversion(int major, int minor) implements Comparable<Microversion> {
    private static final Comparator<Microversion> ORDER =
            Comparator.comparingInt(Microversion::major).thenComparingInt(Microversion::minor);

    public boolean atLeast(int wantedMajor, int wantedMinor) {
        return compareTo(new Microversion(wantedMajor, wantedMinor)) >= 0;
    }

    /** "2.47"; empty when the text has another form. */
    public static Optional<Microversion> parse(String text) {
        if (!text.matches("\\d{1,4}\\.\\d{1,4}")) {
            return Optional.empty();
        }
        int dot = text.indexOf('.');
        return Optional.of(
                new Microversion(Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1))));
    }

    @Override
    public int compareTo(Microversion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
