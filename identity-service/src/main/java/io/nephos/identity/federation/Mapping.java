package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keystone's mapping language: rules that say, of the attributes that an identity provider asserts, who that is here. Pure.
 *
 * <p>Every rule whose remote part fits adds its local part, in which "{0}", "{1}" ... stand for the values of those remote
 * entries that only name a type or filter its values.
 */
public record Mapping(List<Rule> rules) {
    /** @param local the objects as they were written */
    public record Rule(List<JsonNode> local, List<Requirement> remote) {}

    /** What came of the rules. */
    public sealed interface Outcome {
        record Found(Mapped mapped) implements Outcome {}

        /** Nobody, for the reason. */
        record Nobody(String reason) implements Outcome {}
    }

    /** The user, and what he gets. */
    public record Mapped(User user, Set<String> groupIds, Set<GroupName> groups, List<Project> projects) {}

    /** @param local must be there already; otherwise he is made when he comes */
    public record User(
            Optional<String> id,
            Optional<String> name,
            Optional<String> email,
            Optional<Domain> domain,
            boolean local) {
        /** As what the provider knows him. */
        public String uniqueId() {
            return id.or(this::name).orElse("");
        }

        public String displayName() {
            return name.or(this::id).orElse("");
        }
    }

    public record Domain(Optional<String> id, Optional<String> name) {}

    public record GroupName(String name, Domain domain) {}

    /** Made when it is missing, in the domain of the provider where none is said. */
    public record Project(String name, Optional<Domain> domain, List<String> roles) {}

    /** A rule that cannot be followed, found only with the values at hand. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    public Outcome evaluate(Map<String, List<String>> assertion) {
        List<Local> locals = new ArrayList<>();
        try {
            for (Rule rule : rules) {
                values(rule, assertion)
                        .ifPresent(values -> rule.local().forEach(local -> locals.add(new Local(local, values))));
            }
            return locals.isEmpty() ? new Outcome.Nobody("No rule fits what the provider says.") : transform(locals);
        } catch (Broken e) {
            return new Outcome.Nobody(String.valueOf(e.getMessage()));
        }
    }

    /** The values for the placeholders, if all requirements hold. */
    private static Optional<List<List<String>>> values(Rule rule, Map<String, List<String>> assertion) {
        List<List<String>> values = new ArrayList<>();
        for (Requirement requirement : rule.remote()) {
            List<String> said = assertion.getOrDefault(requirement.type(), List.of());
            if (said.isEmpty() || !requirement.holds(said)) {
                return Optional.empty();
            }
            requirement.values(said).ifPresent(values::add);
        }
        return Optional.of(values);
    }

    private static Outcome transform(List<Local> locals) {
        Optional<User> user =
                locals.stream().flatMap(local -> local.user().stream()).findFirst();
        if (user.isEmpty()) {
            return new Outcome.Nobody("The rules that fit name no user.");
        }
        if (user.get().uniqueId().isBlank()) {
            return new Outcome.Nobody("The rules that fit give the user an empty name.");
        }
        Set<String> groupIds = new LinkedHashSet<>();
        Set<GroupName> groups = new LinkedHashSet<>();
        Map<String, Project> projects = new LinkedHashMap<>();
        for (Local local : locals) {
            groupIds.addAll(local.groupIds());
            groups.addAll(local.groups());
            local.projects().forEach(project -> projects.put(project.name(), project));
        }
        return new Outcome.Found(new Mapped(user.get(), groupIds, groups, List.copyOf(projects.values())));
    }
}
