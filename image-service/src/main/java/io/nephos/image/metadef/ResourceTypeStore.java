package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Types of resources, and with which of them namespaces are associated, in the database. */
@ApplicationScoped
class ResourceTypeStore {
    private final Database database;

    @Inject
    ResourceTypeStore(Database database) {
        this.database = database;
    }

    /** Rows of name, created_at, updated_at. */
    List<Row> all() {
        return database.rows("select name, created_at, updated_at from metadef_resource_type order by name");
    }

    List<AssociationRow> of(NamespaceRow namespace) {
        return of(List.of(namespace.id));
    }

    List<AssociationRow> of(List<String> namespaceIds) {
        if (namespaceIds.isEmpty()) {
            return List.of();
        }
        return database.read(tx -> tx.list(
                AssociationRow.class,
                "from AssociationRow where namespaceId in :namespaces order by createdAt, resourceType",
                Map.of("namespaces", namespaceIds)));
    }

    /** A type that nobody has named before is one from now on. 409 when the two are associated. */
    AssociationRow associate(NamespaceRow namespace, JsonNode wanted) {
        try {
            return database.write(tx -> associate(tx, namespace, wanted));
        } catch (UniqueViolation already) {
            throw Fault.conflict("The metadata definition resource-type association of resource-type="
                    + wanted.path("name").asText() + " to namespace=" + namespace.namespace + " already exists.");
        }
    }

    AssociationRow associate(Transaction tx, NamespaceRow namespace, JsonNode wanted) {
        AssociationRow row = new AssociationRow();
        row.id = UUID.randomUUID().toString();
        row.namespaceId = namespace.id;
        row.resourceType = wanted.path("name").asText();
        row.prefix = text(wanted, "prefix");
        row.target = text(wanted, "properties_target");
        row.createdAt = ImageStore.now();
        row.updatedAt = row.createdAt;
        tx.executeNative(
                "insert into metadef_resource_type (name, created_at, updated_at) values (:name, now(), now())"
                        + " on conflict (name) do nothing",
                Map.of("name", row.resourceType));
        tx.insert(row);
        return row;
    }

    /** 403 while the namespace is protected, 404 when the two are not associated. */
    void dissociate(NamespaceRow namespace, String resourceType) {
        AssociationRow row = of(namespace).stream()
                .filter(found -> found.resourceType.equals(resourceType))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Failed to find resource type " + resourceType + " to delete"));
        if (namespace.isProtected) {
            throw Fault.forbidden("Metadata definition resource-type-association " + resourceType
                    + " is protected and cannot be deleted.");
        }
        database.run(tx -> tx.execute("delete from AssociationRow where id = :id", Map.of("id", row.id)));
    }

    private static @Nullable String text(JsonNode object, String field) {
        return object.has(field) ? object.get(field).asText() : null;
    }
}
