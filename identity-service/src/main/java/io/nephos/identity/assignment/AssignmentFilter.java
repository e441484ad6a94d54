package io.nephos.identity.assignment;

import io.nephos.identity.wire.Selection;
import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** What GET /v3/role_assignments is asked for. 400 for filters that exclude each other. */
public record AssignmentFilter(
        Optional<String> role,
        Optional<String> user,
        Optional<String> group,
        Optional<Target> target,
        boolean onlyInherited,
        boolean effective,
        boolean names,
        boolean subtree) {

    static AssignmentFilter of(MultivaluedMap<String, String> query) {
        Optional<String> user = text(query, "user.id");
        Optional<String> group = text(query, "group.id");
        Optional<String> project = text(query, "scope.project.id");
        Optional<String> domain = text(query, "scope.domain.id");
        boolean system = query.containsKey("scope.system");
        boolean effective = Selection.asked(query, "effective");
        boolean subtree = Selection.asked(query, "include_subtree");
        if (user.isPresent() && group.isPresent()) {
            throw Fault.badRequest("Specify a user or group, not both.");
        }
        if (project.isPresent() && domain.isPresent() || system && (project.isPresent() || domain.isPresent())) {
            throw Fault.badRequest("Specify a domain or project, not both.");
        }
        if (effective && group.isPresent()) {
            throw Fault.badRequest("Combining effective and group filter will always result in an empty list.");
        }
        if (subtree && project.isEmpty()) {
            throw Fault.badRequest("scope.project.id must be specified if include_subtree is also specified.");
        }
        boolean inherited = text(query, "scope.OS-INHERIT:inherited_to").isPresent();
        if (effective && inherited && domain.isPresent()) {
            throw Fault.badRequest(
                    "Combining effective, domain and inherited filters will always result in an empty list.");
        }
        return new AssignmentFilter(
                text(query, "role.id"),
                user,
                group,
                project.map(Target::project)
                        .or(() -> domain.map(Target::domain))
                        .or(() -> system ? Optional.of(Target.SYSTEM) : Optional.empty()),
                inherited,
                effective,
                Selection.asked(query, "include_names"),
                subtree);
    }

    private static Optional<String> text(MultivaluedMap<String, String> query, String name) {
        return Optional.ofNullable(query.getFirst(name)).filter(value -> !value.isEmpty());
    }
}
