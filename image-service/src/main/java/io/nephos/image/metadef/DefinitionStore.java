package io.nephos.image.metadef;

import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The objects, properties and tags of namespaces in the database. */
@ApplicationScoped
class DefinitionStore {
    private static final String ALL = "from DefinitionRow where namespaceId = :namespace and kind = :kind";
    private final Database database;

    @Inject
    DefinitionStore(Database database) {
        this.database = database;
    }

    /** Newest first. */
    List<DefinitionRow> list(NamespaceRow namespace, DefinitionKind kind) {
        return database.read(tx -> tx.list(
                DefinitionRow.class,
                ALL + " order by createdAt desc, id desc",
                Map.of("namespace", namespace.id, "kind", kind.stored())));
    }

    /** 404 when there is none. */
    DefinitionRow find(NamespaceRow namespace, DefinitionKind kind, String name) {
        return database.read(tx -> tx.first(
                        DefinitionRow.class,
                        ALL + " and name = :name",
                        Map.of("namespace", namespace.id, "kind", kind.stored(), "name", name)))
                .orElseThrow(() -> kind.missing(name, namespace.namespace));
    }

    /** 409 when there is one of that name. */
    DefinitionRow add(NamespaceRow namespace, DefinitionKind kind, String name, String body) {
        try {
            return database.write(tx -> insert(tx, namespace, kind, name, body));
        } catch (UniqueViolation taken) {
            throw kind.already(name, namespace.namespace);
        }
    }

    DefinitionRow insert(Transaction tx, NamespaceRow namespace, DefinitionKind kind, String name, String body) {
        DefinitionRow row = new DefinitionRow();
        row.id = UUID.randomUUID().toString();
        row.namespaceId = namespace.id;
        row.kind = kind.stored();
        row.name = name;
        row.body = body;
        row.createdAt = ImageStore.now();
        row.updatedAt = row.createdAt;
        tx.insert(row);
        return row;
    }

    /** Tags of these names, instead of all that were there or beside them. 409 when one is there already. */
    void addTags(NamespaceRow namespace, List<String> names, boolean append) {
        try {
            database.run(tx -> {
                if (!append) {
                    clear(tx, namespace, DefinitionKind.TAG);
                }
                names.forEach(name -> insert(tx, namespace, DefinitionKind.TAG, name, "{}"));
            });
        } catch (UniqueViolation taken) {
            throw DefinitionKind.TAG.already(String.join(", ", names), namespace.namespace);
        }
    }

    /** 404 when there is none of the old name, 409 when the new one is taken. */
    DefinitionRow replace(NamespaceRow namespace, DefinitionKind kind, String old, String name, String body) {
        DefinitionRow row = find(namespace, kind, old);
        row.name = name;
        row.body = body;
        row.updatedAt = ImageStore.now();
        try {
            database.run(tx -> tx.update(row));
        } catch (UniqueViolation taken) {
            throw kind.already(name, namespace.namespace);
        }
        return row;
    }

    /** 403 while the namespace is protected, 404 when there is none. */
    void remove(NamespaceRow namespace, DefinitionKind kind, String name) {
        DefinitionRow row = find(namespace, kind, name);
        if (namespace.isProtected) {
            throw kind.isProtected(name);
        }
        database.run(tx -> tx.delete(row));
    }

    void removeAll(NamespaceRow namespace, DefinitionKind kind) {
        NamespaceStore.requireUnprotected(namespace);
        database.run(tx -> clear(tx, namespace, kind));
    }

    private static void clear(Transaction tx, NamespaceRow namespace, DefinitionKind kind) {
        tx.execute(
                "delete from DefinitionRow where namespaceId = :namespace and kind = :kind",
                Map.of("namespace", namespace.id, "kind", kind.stored()));
    }
}
