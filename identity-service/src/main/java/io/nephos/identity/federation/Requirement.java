package io.nephos.identity.federation;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One entry of a rule's remote part: the attribute must be there, and its values pass the test.
 *
 * @param patterns of the test; with {@code regex} they are searched in the values, otherwise they equal them
 */
public record Requirement(String type, Test test, List<String> patterns, boolean regex) {
    /** NONE, WHITELIST and BLACKLIST give their values to the local part; the other two only decide. */
    public enum Test {
        NONE,
        ANY_ONE_OF,
        NOT_ANY_OF,
        WHITELIST,
        BLACKLIST
    }

    boolean holds(List<String> said) {
        return switch (test) {
            case ANY_ONE_OF -> said.stream().anyMatch(this::listed);
            case NOT_ANY_OF -> said.stream().noneMatch(this::listed);
            case NONE, WHITELIST, BLACKLIST -> true;
        };
    }

    /** What this entry gives to the local part, if it gives anything. */
    Optional<List<String>> values(List<String> said) {
        return switch (test) {
            case ANY_ONE_OF, NOT_ANY_OF -> Optional.empty();
            case NONE -> Optional.of(said);
            case WHITELIST -> Optional.of(said.stream().filter(this::listed).toList());
            case BLACKLIST ->
                Optional.of(said.stream().filter(value -> !listed(value)).toList());
        };
    }

    private boolean listed(String value) {
        return patterns.stream()
                .anyMatch(pattern ->
                        regex ? Pattern.compile(pattern).matcher(value).find() : pattern.equals(value));
    }
}
