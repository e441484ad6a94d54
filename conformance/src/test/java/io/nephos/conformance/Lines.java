package io.nephos.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A text file among the tests' resources. */
final class Lines {
    private Lines() {}

    /** Without those that are empty, or comments. */
    static List<String> of(String resource) throws IOException {
        try (InputStream file = Lines.class.getResourceAsStream(resource)) {
            String text = new String(Objects.requireNonNull(file, resource).readAllBytes(), StandardCharsets.UTF_8);
            return Cloud.lines(text).stream()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
