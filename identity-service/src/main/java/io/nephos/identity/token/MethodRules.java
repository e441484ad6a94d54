package io.nephos.identity.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * By which methods together a user must sign in: his options {@code multi_factor_auth_rules}, one of which must be met, and
 * {@code multi_factor_auth_enabled}. As in Keystone a rule that is no list of names counts for nothing, and of a rule only
 * the methods that are offered here, or nobody could meet it.
 */
record MethodRules(List<Set<String>> rules) {
    static MethodRules of(ObjectNode options) {
        List<Set<String>> rules = new ArrayList<>();
        if (options.path("multi_factor_auth_enabled").asBoolean(true)) {
            for (JsonNode rule : options.path("multi_factor_auth_rules")) {
                Set<String> methods = new LinkedHashSet<>();
                boolean names = rule.isArray() && !rule.isEmpty();
                for (JsonNode method : rule) {
                    names &= method.isTextual();
                    methods.add(method.asText());
                }
                if (names) {
                    rules.add(methods);
                }
            }
        }
        return new MethodRules(List.copyOf(rules));
    }

    boolean none() {
        return rules.isEmpty();
    }

    boolean met(Collection<String> shown, Set<String> offered) {
        return none() || offered(offered).stream().anyMatch(shown::containsAll);
    }

    /** The rules of which something was shown. */
    List<List<String>> begun(Collection<String> shown, Set<String> offered) {
        return offered(offered).stream()
                .filter(rule -> rule.stream().anyMatch(shown::contains))
                .toList();
    }

    private List<List<String>> offered(Set<String> offered) {
        return rules.stream()
                .map(rule -> rule.stream().filter(offered::contains).toList())
                .toList();
    }
}
