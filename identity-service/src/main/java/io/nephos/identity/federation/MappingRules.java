package io.nephos.identity.federation;

import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads the rules of a mapping. 400 names what is wrong with them. */
final class MappingRules {
    private static final Set<String> LOCAL = Set.of("user", "group", "groups", "group_ids", "domain", "projects");
    private static final Map<String, Requirement.Test> TESTS = Map.of(
            "any_one_of", Requirement.Test.ANY_ONE_OF,
            "not_any_of", Requirement.Test.NOT_ANY_OF,
            "whitelist", Requirement.Test.WHITELIST,
            "blacklist", Requirement.Test.BLACKLIST);

    private static final int LONGEST = 65_535;

    private MappingRules() {}

    static Mapping of(Fields mapping) {
        List<Fields> rules = mapping.objects("rules");
        if (rules.isEmpty()) {
            throw mapping.invalid("rules", "must have at least one rule.");
        }
        return new Mapping(rules.stream().map(MappingRules::rule).toList());
    }

    private static Mapping.Rule rule(Fields rule) {
        rule.only("local", "remote");
        List<Fields> local = rule.objects("local");
        List<Fields> remote = rule.objects("remote");
        if (!rule.has("local")) {
            throw rule.required("local");
        }
        if (remote.isEmpty()) {
            throw rule.invalid("remote", "must have at least one entry.");
        }
        local.forEach(MappingRules::checkLocal);
        return new Mapping.Rule(
                local.stream().map(Fields::json).toList(),
                remote.stream().map(MappingRules::requirement).toList());
    }

    private static void checkLocal(Fields local) {
        local.only(LOCAL.toArray(String[]::new));
        local.optionalObject("user").ifPresent(user -> {
            user.only("id", "name", "email", "domain", "type");
            user.optionalOneOf("type", "ephemeral", "local");
            checkTexts(user, "id", "name", "email");
            checkDomain(user);
        });
        checkDomain(local);
        local.optionalObject("group").ifPresent(group -> {
            group.only("id", "name", "domain");
            checkTexts(group, "id", "name");
            checkDomain(group);
            if (group.has("name") && !group.has("domain")) {
                throw group.required("domain");
            }
        });
        for (Fields project : local.objects("projects")) {
            project.only("name", "roles", "domain");
            project.text("name", 1, 255);
            checkDomain(project);
            project.objects("roles").forEach(role -> role.only("name").text("name", 1, 255));
        }
    }

    private static void checkTexts(Fields owner, String... names) {
        for (String name : names) {
            owner.optionalText(name, 0, LONGEST);
        }
    }

    private static void checkDomain(Fields owner) {
        owner.optionalObject("domain").ifPresent(domain -> {
            domain.only("id", "name");
            if (domain.optionalText("id", 1, 255).isEmpty()
                    && domain.optionalText("name", 1, 255).isEmpty()) {
                throw domain.required("id");
            }
        });
    }

    private static Requirement requirement(Fields remote) {
        String type = remote.text("type", 1, 255);
        List<String> tests =
                TESTS.keySet().stream().filter(remote::has).sorted().toList();
        if (tests.isEmpty()) {
            remote.only("type");
            return new Requirement(type, Requirement.Test.NONE, List.of(), false);
        }
        if (tests.size() > 1) {
            throw remote.invalid(tests.get(1), "must not be given together with " + tests.getFirst() + ".");
        }
        String test = tests.getFirst();
        remote.only("type", "regex", test);
        boolean regex = remote.flag("regex", false);
        if (remote.isNull(test)) {
            throw remote.invalid(test, "must be a list.");
        }
        List<String> patterns = remote.texts(test, 0, LONGEST);
        if (regex) {
            patterns.forEach(pattern -> checkPattern(remote, test, pattern));
        }
        return new Requirement(type, TESTS.getOrDefault(test, Requirement.Test.NONE), patterns, regex);
    }

    private static void checkPattern(Fields remote, String test, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw remote.invalid(test, "'" + pattern + "' is not a regular expression: " + e.getDescription() + ".");
        }
    }
}
