package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.group.GroupRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The wire JSON of role assignments, with names when they are asked for. */
@ApplicationScoped
public class AssignmentView {
    private final Links links;

    @Inject
    public AssignmentView(Links links) {
        this.links = links;
    }

    ObjectNode granted(Grant grant, Names names) {
        ObjectNode node = node();
        node.set("role", names.role(grant.roleId()));
        node.set(grant.actor().type(), names.actor(grant.actor()));
        ObjectNode scope = scope(grant.target(), names);
        if (grant.inherited()) {
            scope.put("OS-INHERIT:inherited_to", "projects");
        }
        node.set("scope", scope);
        node.putObject("links").put("assignment", link(grant));
        return node;
    }

    ObjectNode effective(EffectiveRoles.Effective one, Names names) {
        ObjectNode node = node();
        node.set("role", names.role(one.roleId()));
        node.set("user", names.actor(Actor.user(one.userId())));
        ObjectNode scope = scope(one.target(), names);
        if (one.origin().inherited()) {
            scope.put("OS-INHERIT:inherited_to", "projects");
        }
        node.set("scope", scope);
        ObjectNode sources = node.putObject("links").put("assignment", link(one.origin()));
        if (one.origin().actor().isGroup()) {
            sources.put("membership", links.to("groups/" + one.origin().actor().id() + "/users/" + one.userId()));
        }
        one.prior().ifPresent(role -> sources.put("prior_role", links.to("roles/" + role)));
        return node;
    }

    private static ObjectNode scope(Target target, Names names) {
        ObjectNode scope = node();
        if (target.equals(Target.SYSTEM)) {
            scope.putObject("system").put("all", true);
        } else {
            scope.set(target.type(), names.target(target));
        }
        return scope;
    }

    private String link(Grant grant) {
        String target = grant.target().equals(Target.SYSTEM)
                ? "system"
                : grant.target().type() + "s/" + grant.target().id();
        String path = target + "/" + grant.actor().type() + "s/" + grant.actor().id() + "/roles/" + grant.roleId();
        return links.to(grant.inherited() ? "OS-INHERIT/" + path + "/inherited_to_projects" : path);
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The ids as JSON, with the names of what they stand for when {@code wanted}; each is read once. */
    static final class Names {
        private final Transaction tx;
        private final boolean wanted;
        private final Map<String, ObjectNode> known = new HashMap<>();

        Names(Transaction tx, boolean wanted) {
            this.tx = tx;
            this.wanted = wanted;
        }

        ObjectNode role(String id) {
            return known(
                    "role",
                    id,
                    () -> tx.find(RoleRow.class, id).map(row -> {
                        ObjectNode node = node().put("id", id).put("name", row.name);
                        if (!row.global()) {
                            node.set("domain", domain(row.domainId));
                        }
                        return node;
                    }));
        }

        ObjectNode actor(Actor actor) {
            return known(
                    actor.type(),
                    actor.id(),
                    () -> actor.isGroup()
                            ? tx.find(GroupRow.class, actor.id()).map(row -> named(actor.id(), row.name, row.domainId))
                            : tx.find(UserRow.class, actor.id()).map(row -> named(actor.id(), row.name, row.domainId)));
        }

        ObjectNode target(Target target) {
            return known(
                    target.type(),
                    target.id(),
                    () -> tx.find(ProjectRow.class, target.id())
                            .map(row -> row.isDomain
                                    ? node().put("id", row.id).put("name", row.name)
                                    : named(row.id, row.name, row.domainId)));
        }

        private ObjectNode named(String id, String name, String domainId) {
            ObjectNode node = node().put("id", id).put("name", name);
            node.set("domain", domain(domainId));
            return node;
        }

        private ObjectNode domain(String id) {
            return target(Target.domain(id));
        }

        private ObjectNode known(String type, String id, Supplier<Optional<ObjectNode>> read) {
            if (!wanted) {
                return node().put("id", id);
            }
            ObjectNode before = known.get(type + id);
            if (before == null) {
                before = read.get().orElseGet(() -> node().put("id", id));
                known.put(type + id, before);
            }
            return before.deepCopy();
        }
    }
}
