package io.nephos.identity.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Set;

/** The relatives that a project is shown with: parents_as_list, parents_as_ids, subtree_as_list, subtree_as_ids. */
@ApplicationScoped
public class ProjectFamily {
    private final ProjectStore store;
    private final ProjectView view;
    private final AssignmentStore assignments;

    @Inject
    public ProjectFamily(ProjectStore store, ProjectView view, AssignmentStore assignments) {
        this.store = store;
        this.view = view;
        this.assignments = assignments;
    }

    void add(Transaction tx, ProjectRow row, ObjectNode node, MultivaluedMap<String, String> query, Caller caller) {
        if (Selection.asked(query, "parents_as_list") && Selection.asked(query, "parents_as_ids")) {
            throw Fault.badRequest("Cannot use parents_as_list and parents_as_ids query params at the same time.");
        }
        if (Selection.asked(query, "subtree_as_list") && Selection.asked(query, "subtree_as_ids")) {
            throw Fault.badRequest("Cannot use subtree_as_list and subtree_as_ids query params at the same time.");
        }
        if (Selection.asked(query, "parents_as_ids")) {
            node.set("parents", parentIds(store.above(tx, row.id)));
        }
        if (Selection.asked(query, "subtree_as_ids")) {
            node.set("subtree", subtreeIds(tx, row.id));
        }
        if (Selection.asked(query, "parents_as_list")) {
            node.set("parents", list(tx, Set.copyOf(store.above(tx, row.id)), caller));
        }
        if (Selection.asked(query, "subtree_as_list")) {
            node.set("subtree", list(tx, store.below(tx, row.id), caller));
        }
    }

    /** Only those on which the caller has a role, as Keystone has it. */
    private ArrayNode list(Transaction tx, Set<String> ids, Caller caller) {
        Set<String> his = assignments.projectsOf(tx, caller.userId());
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        ids.stream()
                .filter(his::contains)
                .sorted()
                .forEach(id ->
                        store.find(tx, id).ifPresent(row -> all.addObject().set("project", view.project(row))));
        return all;
    }

    private static JsonNode parentIds(List<String> above) {
        JsonNode inner = NullNode.instance;
        for (String id : above.reversed()) {
            inner = JsonNodeFactory.instance.objectNode().set(id, inner);
        }
        return inner;
    }

    private JsonNode subtreeIds(Transaction tx, String id) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        store.children(tx, id).forEach(child -> all.set(child.id, subtreeIds(tx, child.id)));
        return all.isEmpty() ? NullNode.instance : all;
    }
}
