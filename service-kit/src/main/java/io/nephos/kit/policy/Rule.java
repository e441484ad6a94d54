package io.nephos.kit.policy;

import io.nephos.kit.token.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A check of oslo.policy's language: "role:admin or (project_id:%(project_id)s and not role:guest)". */
public sealed interface Rule {
    boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named);

    /** The rules that this one refers to by name. */
    default List<String> names() {
        return switch (this) {
            case Named rule -> List.of(rule.name());
            case Not rule -> rule.rule().names();
            case All rule ->
                rule.rules().stream().flatMap(part -> part.names().stream()).toList();
            case Any rule ->
                rule.rules().stream().flatMap(part -> part.names().stream()).toList();
            case Always rule -> List.of();
            case Never rule -> List.of();
            case HasRole rule -> List.of();
            case Matches rule -> List.of();
        };
    }

    record Always() implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return true;
        }
    }

    record Never() implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return false;
        }
    }

    record All(List<Rule> rules) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return rules.stream().allMatch(rule -> rule.allows(caller, target, named));
        }
    }

    record Any(List<Rule> rules) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return rules.stream().anyMatch(rule -> rule.allows(caller, target, named));
        }
    }

    record Not(Rule rule) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return !rule.allows(caller, target, named);
        }
    }

    record Named(String name) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return named.apply(name).allows(caller, target, named);
        }
    }

    record HasRole(String role) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            return caller.hasRole(role);
        }
    }

    /** "key:value": a credential of the caller, or a literal, against a value that may name a field of the target. */
    record Matches(String key, String value) implements Rule {
        @Override
        public boolean allows(Caller caller, Map<String, String> target, Function<String, Rule> named) {
            Optional<String> wanted = value.startsWith("%(") && value.endsWith(")s")
                    ? field(value.substring(2, value.length() - 2), target)
                    : Optional.of(value);
            return wanted.isPresent() && wanted.get().equals(actual(caller));
        }

        /** Keystone's rules name the noun as well: "target.user.domain_id", "target.project.id". */
        private static Optional<String> field(String name, Map<String, String> target) {
            if (target.containsKey(name) || !name.startsWith("target.")) {
                return Optional.ofNullable(target.get(name));
            }
            String[] words = name.split("\\.");
            String last = words[words.length - 1];
            return Optional.ofNullable(
                    target.get(last.equals("id") && words.length > 2 ? words[words.length - 2] + "_id" : last));
        }

        private String actual(Caller caller) {
            return switch (key) {
                case "user_id" -> caller.userId();
                case "project_id", "tenant_id", "tenant" -> caller.projectId().orElse("None");
                case "domain_id" -> caller.domainId().orElse("None");
                case "user_domain_id" -> caller.userDomainId();
                case "project_domain_id" -> caller.projectDomainId().orElse("None");
                case "system_scope" -> caller.system() ? "all" : "None";
                case "is_admin" -> caller.hasRole("admin") ? "True" : "False";
                default -> key.startsWith("'") ? key.substring(1, Math.max(1, key.length() - 1)) : key;
            };
        }
    }

    /** Reads a rule. IllegalArgumentException says what is wrong with it. */
    static Rule parse(String text) {
        return new Parser(text).parse();
    }

    /** Recursive descent over "or", "and", "not", parentheses and checks. */
    final class Parser {
        private final List<String> words = new ArrayList<>();
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
            for (String piece : text.strip().split("\\s+")) {
                String rest = piece;
                while (rest.startsWith("(")) {
                    words.add("(");
                    rest = rest.substring(1);
                }
                int closing = 0;
                while (rest.endsWith(")") && !rest.endsWith(")s") && unbalanced(rest)) {
                    rest = rest.substring(0, rest.length() - 1);
                    closing++;
                }
                if (!rest.isEmpty()) {
                    words.add(rest);
                }
                for (int i = 0; i < closing; i++) {
                    words.add(")");
                }
            }
        }

        private static boolean unbalanced(String word) {
            return word.chars().filter(c -> c == ')').count()
                    > word.chars().filter(c -> c == '(').count();
        }

        Rule parse() {
            if (words.isEmpty() || words.equals(List.of("@"))) {
                return new Always();
            }
            Rule rule = any();
            if (at != words.size()) {
                throw new IllegalArgumentException("'" + words.get(at) + "' is not expected in the rule: " + text);
            }
            return rule;
        }

        private Rule any() {
            List<Rule> rules = new ArrayList<>(List.of(all()));
            while (taken("or")) {
                rules.add(all());
            }
            return rules.size() == 1 ? rules.getFirst() : new Any(List.copyOf(rules));
        }

        private Rule all() {
            List<Rule> rules = new ArrayList<>(List.of(one()));
            while (taken("and")) {
                rules.add(one());
            }
            return rules.size() == 1 ? rules.getFirst() : new All(List.copyOf(rules));
        }

        private Rule one() {
            if (taken("not")) {
                return new Not(one());
            }
            if (taken("(")) {
                Rule inner = any();
                if (!taken(")")) {
                    throw new IllegalArgumentException("A closing parenthesis is missing in the rule: " + text);
                }
                return inner;
            }
            if (at >= words.size()) {
                throw new IllegalArgumentException("The rule ends too early: " + text);
            }
            return check(words.get(at++));
        }

        private Rule check(String word) {
            if (word.equals("@")) {
                return new Always();
            }
            if (word.equals("!")) {
                return new Never();
            }
            int colon = word.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("'" + word + "' is not a check in the rule: " + text);
            }
            String kind = word.substring(0, colon);
            String value = word.substring(colon + 1);
            return switch (kind) {
                case "rule" -> new Named(value);
                case "role" -> new HasRole(value.toLowerCase(java.util.Locale.ROOT));
                default -> new Matches(kind, value);
            };
        }

        private boolean taken(String word) {
            if (at < words.size() && words.get(at).equalsIgnoreCase(word)) {
                at++;
                return true;
            }
            return false;
        }
    }
}
