package io.nephos.identity.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** access.txt: operations, by rule which personas may do them, and what is left out. */
record AccessTable(Map<String, Set<String>> rules, List<Operation> operations, List<Left> left) {
    private static final Pattern RULE = Pattern.compile("([a-z-]+)\\s*=\\s*(.*)");
    private static final Pattern OPERATION = Pattern.compile(
            "([A-Z]+)\\s+(\\S+)(?:\\s+(X-Subject-Token=\\S+|\\{.*}))?\\s*\\|\\s*([^|]*)(?:\\|\\s*(.*))?");

    private static final Pattern LEFT = Pattern.compile("([-x])\\s+([A-Z*]+)\\s+(\\S+)\\s+:\\s+(\\S.*)");

    /**
     * What the table does not try, and why.
     *
     * @param built it is served, but not by who one is
     */
    record Left(boolean built, String method, Pattern path) {
        boolean speaksOf(String someMethod, String somePath) {
            return (method.equals("*") || method.equals(someMethod))
                    && path.matcher(somePath.replaceAll("\\{[^}]*}", "x")).matches();
        }
    }

    /**
     * @param otherwise what the others get
     * @param places where it is done; "home" also when the line names none
     */
    record Operation(
            String method,
            String path,
            Optional<String> body,
            Optional<String> subject,
            Set<String> allowed,
            int otherwise,
            List<String> places) {
        /** The method and a path with names in braces are what this line tries. */
        boolean speaksOf(String someMethod, String somePath) {
            return method.equals(someMethod)
                    && path.replaceAll("\\?.*", "")
                            .replaceAll("\\{[^}]*}", "x")
                            .matches(somePath.replaceAll("\\{[^}]*}", "[^/]+"));
        }

        Operation as(String other) {
            return new Operation(other, path, body, subject, allowed, otherwise, places);
        }

        boolean permits(String persona, String place) {
            return allowed.contains(persona) && (place.equals("home") || !persona.startsWith("domain-"));
        }
    }

    static AccessTable read() {
        try (InputStream file = AccessTable.class.getResourceAsStream("/access.txt")) {
            Map<String, Set<String>> rules = new LinkedHashMap<>();
            List<Operation> operations = new ArrayList<>();
            List<Left> left = new ArrayList<>();
            new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> {
                        Matcher rule = RULE.matcher(line);
                        Matcher leftOut = LEFT.matcher(line);
                        if (leftOut.matches()) {
                            left.add(left(leftOut));
                        } else if (rule.matches()) {
                            rules.put(rule.group(1), personas(rules, rule.group(2)));
                        } else {
                            operations.add(operation(rules, line));
                        }
                    });
            return new AccessTable(rules, operations, left);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Left left(Matcher line) {
        return new Left(
                line.group(1).equals("-"),
                line.group(2),
                Pattern.compile(line.group(3).replaceAll("\\{[^}]*}", "[^/]+")));
    }

    private static Operation operation(Map<String, Set<String>> rules, String line) {
        Matcher operation = OPERATION.matcher(line);
        if (!operation.matches()) {
            throw new IllegalStateException("access.txt has a line that is not an operation: " + line);
        }
        Optional<String> sent = Optional.ofNullable(operation.group(3));
        Matcher otherwise = Pattern.compile("else=(\\d+)").matcher(operation.group(4));
        return new Operation(
                operation.group(1),
                operation.group(2),
                sent.filter(text -> text.startsWith("{")),
                sent.filter(text -> text.startsWith("X-")).map(text -> text.substring(text.indexOf('=') + 1)),
                personas(rules, otherwise.replaceAll("")),
                otherwise.reset().find() ? Integer.parseInt(otherwise.group(1)) : 403,
                Optional.ofNullable(operation.group(5))
                        .map(places -> List.of(places.strip().split("\\s+")))
                        .orElse(List.of("home")));
    }

    private static Set<String> personas(Map<String, Set<String>> rules, String names) {
        Set<String> all = new LinkedHashSet<>();
        for (String name : names.strip().split("\\s+")) {
            all.addAll(rules.getOrDefault(name, name.isEmpty() ? Set.of() : Set.of(name)));
        }
        return all;
    }
}
