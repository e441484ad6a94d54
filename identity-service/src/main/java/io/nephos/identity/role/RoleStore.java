package io.nephos.identity.role;

import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Roles and which implies which. */
@ApplicationScoped
public class RoleStore {
    public Optional<RoleRow> find(Transaction tx, String id) {
        return tx.find(RoleRow.class, id);
    }

    public RoleRow require(Transaction tx, String id) {
        return find(tx, id).orElseThrow(() -> Faults.notFound("role", id));
    }

    /** A role of the whole cloud. */
    public Optional<RoleRow> findByName(Transaction tx, String name) {
        return tx.first(RoleRow.class, "from RoleRow where domainId = '' and name = :name", Map.of("name", name));
    }

    public List<RoleRow> all(Transaction tx, Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : tx.list(RoleRow.class, "from RoleRow where id in (:ids) order by name", Map.of("ids", ids));
    }

    public List<RoleRow> byNames(Transaction tx, Collection<String> names) {
        return names.isEmpty()
                ? List.of()
                : tx.list(
                        RoleRow.class,
                        "from RoleRow where domainId = '' and lower(name) in (:names) order by name",
                        Map.of("names", names));
    }

    public List<ImpliedRoleRow> rules(Transaction tx) {
        return tx.list(ImpliedRoleRow.class, "from ImpliedRoleRow order by id", Map.of());
    }

    /** For each role those it implies directly. */
    public Map<String, Set<String>> implied(Transaction tx) {
        Map<String, Set<String>> all = new HashMap<>();
        rules(tx)
                .forEach(rule -> all.computeIfAbsent(rule.priorId, key -> new HashSet<>())
                        .add(rule.impliedId));
        return all;
    }
}
