package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What assignments are about as JSON: ids alone, or with names and domains, which are read for a whole page at once. */
final class AssignmentNames {
    static final AssignmentNames NONE = new AssignmentNames();

    private static final String NAMES = "select id, name, domain_id from %s where id = any($1)";

    /** {@code domainId} is empty for a role of the whole cloud; a domain's own is its id. */
    private record Named(String name, String domainId) {}

    private final Map<String, Named> roles = new HashMap<>();
    private final Map<String, Named> users = new HashMap<>();
    private final Map<String, Named> groups = new HashMap<>();
    private final Map<String, Named> projects = new HashMap<>();

    private AssignmentNames() {}

    static AssignmentNames of(Database db, Collection<AssignmentSearch.Found> found) {
        AssignmentNames names = new AssignmentNames();
        Set<String> roleIds = new HashSet<>();
        Set<String> userIds = new HashSet<>();
        Set<String> groupIds = new HashSet<>();
        Set<String> projectIds = new HashSet<>();
        for (AssignmentSearch.Found one : found) {
            roleIds.add(one.roleId());
            (one.actor().isGroup() ? groupIds : userIds).add(one.actor().id());
            projectIds.add(one.target().id());
        }
        read(db, "role", roleIds, names.roles);
        read(db, "app_user", userIds, names.users);
        read(db, "user_group", groupIds, names.groups);
        read(db, "project", projectIds, names.projects);
        Set<String> domainIds = new HashSet<>();
        for (Map<String, Named> kind : List.of(names.roles, names.users, names.groups, names.projects)) {
            kind.values().forEach(named -> domainIds.add(named.domainId()));
        }
        domainIds.removeAll(names.projects.keySet());
        read(db, "project", domainIds, names.projects);
        return names;
    }

    ObjectNode role(String id) {
        return named(roles, id);
    }

    ObjectNode actor(Actor actor) {
        return named(actor.isGroup() ? groups : users, actor.id());
    }

    ObjectNode target(Target target) {
        return target.type().equals("domain") ? domain(target.id()) : named(projects, target.id());
    }

    private ObjectNode named(Map<String, Named> kind, String id) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", id);
        Named known = kind.get(id);
        if (known != null) {
            node.put("name", known.name());
            if (!known.domainId().isEmpty()) {
                node.set("domain", domain(known.domainId()));
            }
        }
        return node;
    }

    private ObjectNode domain(String id) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", id);
        Named known = projects.get(id);
        return known == null ? node : node.put("name", known.name());
    }

    private static void read(Database db, String table, Set<String> ids, Map<String, Named> into) {
        if (!ids.isEmpty()) {
            db.rows(NAMES.formatted(table), (Object) ids.toArray(String[]::new))
                    .forEach(row -> into.put(
                            row.getString("id"), new Named(row.getString("name"), row.getString("domain_id"))));
        }
    }
}
