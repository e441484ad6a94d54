package io.nephos.image.metadef;

import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Namespaces in the database, and who sees which. */
@ApplicationScoped
class NamespaceStore {
    private final Database database;
    private final Policy policy;

    @Inject
    NamespaceStore(Database database, Policy policy) {
        this.database = database;
        this.policy = policy;
    }

    /**
     * A page of namespaces.
     *
     * @param visibility "public", "private" or empty for both
     * @param resourceTypes only those associated with one of them; all when empty
     * @param marker the name of the last one seen, or empty
     * @param sortKey a column
     */
    record Query(
            String visibility,
            List<String> resourceTypes,
            String marker,
            int limit,
            String sortKey,
            boolean descending) {}

    /** 404 unless the caller may know of it. */
    NamespaceRow visible(Caller caller, String name) {
        return find(name).filter(row -> sees(caller, row)).orElseThrow(() -> missing(name));
    }

    /** As {@link #visible}, then 403 unless the rules allow this. */
    NamespaceRow permitted(Caller caller, String name, String... rules) {
        NamespaceRow row = visible(caller, name);
        for (String rule : rules) {
            policy.require(rule, caller, target(row));
        }
        return row;
    }

    Map<String, String> target(NamespaceRow row) {
        return Map.of("project_id", row.owner, "owner", row.owner, "visibility", row.visibility);
    }

    /** As many as the limit says, and one more if there is. 404 for a marker that is not there. */
    List<NamespaceRow> list(Query query, Caller caller) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> parameters = new HashMap<>();
        if (!isAdmin(caller)) {
            conditions.add("(visibility = 'public' or owner = :me)");
            parameters.put("me", caller.project());
        }
        if (!query.visibility().isEmpty()) {
            conditions.add("visibility = :visibility");
            parameters.put("visibility", query.visibility());
        }
        if (!query.resourceTypes().isEmpty()) {
            conditions.add("id in (select a.namespaceId from AssociationRow a where a.resourceType in :types)");
            parameters.put("types", query.resourceTypes());
        }
        String field = query.sortKey();
        String direction = query.descending() ? " desc" : " asc";
        if (!query.marker().isEmpty()) {
            NamespaceRow last = visible(caller, query.marker());
            String after = query.descending() ? " < " : " > ";
            conditions.add("(" + field + after + ":last or (" + field + " = :last and id" + after + ":lastId))");
            parameters.put("last", field.equals("namespace") ? last.namespace : time(field, last));
            parameters.put("lastId", last.id);
        }
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        return database.read(tx -> tx.list(
                NamespaceRow.class,
                "from NamespaceRow" + where + " order by " + field + direction + ", id" + direction,
                parameters,
                query.limit() + 1));
    }

    /** With all that it begins with. 409 when the name is taken, or something in it is named twice. */
    void insert(NamespaceRow row, Consumer<Transaction> contents) {
        try {
            database.run(tx -> {
                tx.insert(row);
                contents.accept(tx);
            });
        } catch (UniqueViolation e) {
            throw e.constraint().startsWith("metadef_namespace")
                    ? already(row.namespace)
                    : Fault.conflict("The metadata definition namespace=" + row.namespace + " defines a name twice.");
        }
    }

    /** 409 when its new name is taken. */
    NamespaceRow update(NamespaceRow row) {
        row.updatedAt = ImageStore.now();
        try {
            database.run(tx -> tx.update(row));
        } catch (UniqueViolation taken) {
            throw already(row.namespace);
        }
        return row;
    }

    /** With all that it holds. 403 while it is protected. */
    void delete(NamespaceRow row) {
        requireUnprotected(row);
        database.run(tx -> tx.delete(row));
    }

    static void requireUnprotected(NamespaceRow row) {
        if (row.isProtected) {
            throw Fault.forbidden(
                    "Metadata definition namespace " + row.namespace + " is protected and cannot be deleted.");
        }
    }

    private Optional<NamespaceRow> find(String name) {
        return database.read(
                tx -> tx.first(NamespaceRow.class, "from NamespaceRow where namespace = :name", Map.of("name", name)));
    }

    private boolean sees(Caller caller, NamespaceRow row) {
        return (row.visibility.equals("public") || row.owner.equals(caller.project()) || isAdmin(caller))
                && allows(caller, row, "get_metadef_namespace");
    }

    boolean allows(Caller caller, NamespaceRow row, String rule) {
        return policy.allows(rule, caller, target(row));
    }

    private boolean isAdmin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    private static Object time(String field, NamespaceRow row) {
        return field.equals("updatedAt") ? row.updatedAt : row.createdAt;
    }

    private static FaultException already(String name) {
        return Fault.conflict("The metadata definition namespace=" + name + " already exists.");
    }

    private static FaultException missing(String name) {
        return Fault.notFound("Metadata definition namespace=" + name + " was not found.");
    }
}
