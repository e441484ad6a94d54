package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** The wire JSON of role assignments, with names when they are asked for. */
@ApplicationScoped
public class AssignmentView {
    private final Database db;
    private final Links links;

    @Inject
    public AssignmentView(Database db, Links links) {
        this.db = db;
        this.links = links;
    }

    List<ObjectNode> of(List<AssignmentSearch.Found> found, boolean withNames) {
        AssignmentNames names = withNames ? AssignmentNames.of(db, found) : AssignmentNames.NONE;
        String root = links.to("");
        return found.stream().map(one -> view(one, names, root)).toList();
    }

    private static ObjectNode view(AssignmentSearch.Found one, AssignmentNames names, String root) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("role", names.role(one.roleId()));
        node.set(one.actor().type(), names.actor(one.actor()));
        ObjectNode scope = node.putObject("scope");
        if (one.target().equals(Target.SYSTEM)) {
            scope.putObject("system").put("all", true);
        } else {
            scope.set(one.target().type(), names.target(one.target()));
        }
        if (one.origin().inherited()) {
            scope.put("OS-INHERIT:inherited_to", "projects");
        }
        ObjectNode sources = node.putObject("links").put("assignment", root + path(one.origin()));
        if (one.origin().actor().isGroup() && !one.actor().isGroup()) {
            sources.put(
                    "membership",
                    root + "groups/" + one.origin().actor().id() + "/users/"
                            + one.actor().id());
        }
        one.prior().ifPresent(role -> sources.put("prior_role", root + "roles/" + role));
        return node;
    }

    private static String path(Grant grant) {
        String target = grant.target().equals(Target.SYSTEM)
                ? "system"
                : grant.target().type() + "s/" + grant.target().id();
        String path = target + "/" + grant.actor().type() + "s/" + grant.actor().id() + "/roles/" + grant.roleId();
        return grant.inherited() ? "OS-INHERIT/" + path + "/inherited_to_projects" : path;
    }
}
