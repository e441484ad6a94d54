package io.nephos.identity.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** requests.txt: right requests, to be made wrong. */
final class RequestTable {
    private static final Pattern LINE =
            Pattern.compile("([A-Z]+)\\s+(\\S+)\\s+(\\{.*})(?:\\s+by\\s+(\\S+))?(?:\\s*\\|\\s*(.*))?");

    private RequestTable() {}

    /**
     * @param persona who sends it; "nobody" shows no token
     * @param longest characters by the name of the field
     * @param free fields of which Keystone takes anything
     * @param right the status when nothing is wrong; 200 stands for any success
     */
    record Request(
            String method,
            String path,
            String body,
            String persona,
            Map<String, Integer> longest,
            Set<String> free,
            int right) {
        boolean speaksOf(String someMethod, String somePath) {
            return method.equals(someMethod)
                    && path.replaceAll("\\{[^}]*}", "x").matches(somePath.replaceAll("\\{[^}]*}", "[^/]+"));
        }

        Optional<Integer> longest(String field) {
            return Optional.ofNullable(longest.get(field));
        }
    }

    static List<Request> read() {
        try (InputStream file = RequestTable.class.getResourceAsStream("/requests.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(RequestTable::request)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalStateException("requests.txt has a line that is not a request: " + text);
        }
        Map<String, Integer> longest = new HashMap<>();
        Set<String> free = new HashSet<>();
        int right = 200;
        for (String word : Optional.ofNullable(line.group(5)).orElse("").split("\\s+")) {
            if (word.endsWith("~")) {
                free.add(word.replace("~", ""));
            } else if (word.startsWith("right=")) {
                right = Integer.parseInt(word.substring("right=".length()));
            } else if (!word.isEmpty()) {
                longest.put(word.substring(0, word.indexOf('<')), Integer.valueOf(word.replaceAll(".*=", "")));
            }
        }
        return new Request(
                line.group(1),
                line.group(2),
                line.group(3),
                Optional.ofNullable(line.group(4)).orElse("project-admin"),
                longest,
                free,
                right);
    }
}
