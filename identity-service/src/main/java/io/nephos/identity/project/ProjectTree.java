package io.nephos.identity.project;

import io.nephos.identity.limit.LimitModel;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What the tree of projects demands: its depth, and that nothing enabled hangs on something disabled. */
@ApplicationScoped
public class ProjectTree {
    /** Keystone's max_project_tree_depth: levels of projects below the domain. */
    private static final int MAX_DEPTH = 5;

    private final ProjectStore store;
    private final LimitModel limits;

    @Inject
    public ProjectTree(ProjectStore store, LimitModel limits) {
        this.store = store;
        this.limits = limits;
    }

    /** A project of that domain may be made below that parent. */
    public void requireParent(Transaction tx, ProjectRow parent, String domainId) {
        if (!parent.domainId.equals(domainId)) {
            throw Fault.badRequest("Cannot create a project in domain " + domainId + " with a parent of domain "
                    + parent.domainId + ".");
        }
        List<String> above = store.above(tx, parent.id);
        if (above.size() >= (limits.strict() ? 1 : MAX_DEPTH)) {
            throw Faults.forbiddenAction("Max hierarchy depth reached for " + parent.id + " branch");
        }
        requireEnabled(tx, parent);
        above.forEach(id -> store.find(tx, id).ifPresent(row -> requireEnabled(tx, row)));
    }

    public void requireAboveEnabled(Transaction tx, ProjectRow row) {
        store.above(tx, row.id).forEach(id -> store.find(tx, id).ifPresent(above -> requireEnabled(tx, above)));
    }

    public void requireNothingEnabledBelow(Transaction tx, ProjectRow row) {
        boolean enabled = store.below(tx, row.id).stream()
                .anyMatch(id -> store.find(tx, id).map(below -> below.enabled).orElse(false));
        if (enabled) {
            throw Faults.forbiddenAction(
                    "cannot disable project " + row.id + " since its subtree contains enabled projects");
        }
    }

    private static void requireEnabled(Transaction tx, ProjectRow row) {
        if (!row.enabled) {
            throw Faults.forbiddenAction("cannot enable or create a project below " + row.id + ", which is disabled");
        }
    }
}
