package io.nephos.identity.project;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.DomainEvent;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.event.CompactedTopic;
import io.nephos.kit.tenant.DomainListener;
import io.nephos.kit.tenant.ProjectListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Projects and domains in the database, their tree and their events. */
@ApplicationScoped
public class ProjectStore {
    private static final String USABLE =
            "select p from ProjectRow p, ProjectRow d where d.id = p.domainId and d.isDomain"
                    + " and d.enabled and p.enabled and not p.isDomain and ";

    /** Kept for ever: a service that comes later hears of every project. */
    @Produces
    @Singleton
    CompactedTopic projectTopic() {
        return new CompactedTopic(ProjectListener.TOPIC, Optional.empty());
    }

    @Produces
    @Singleton
    CompactedTopic domainTopic() {
        return new CompactedTopic(DomainListener.TOPIC, Optional.empty());
    }

    /** Also a domain, which can be read as a project. */
    public Optional<ProjectRow> find(Transaction tx, String id) {
        return tx.find(ProjectRow.class, id);
    }

    public ProjectRow require(Transaction tx, String id) {
        return find(tx, id).orElseThrow(() -> Faults.notFound("project", id));
    }

    public Optional<ProjectRow> findDomain(Transaction tx, String id) {
        return find(tx, id).filter(row -> row.isDomain);
    }

    public ProjectRow requireDomain(Transaction tx, String id) {
        return findDomain(tx, id).orElseThrow(() -> Faults.notFound("domain", id));
    }

    public Optional<ProjectRow> findDomainByName(Transaction tx, String name) {
        return tx.first(ProjectRow.class, "from ProjectRow where isDomain and name = :name", Map.of("name", name));
    }

    public Optional<ProjectRow> findByName(Transaction tx, String domainId, String name) {
        return tx.first(
                ProjectRow.class,
                "from ProjectRow where not isDomain and domainId = :domain and name = :name",
                Map.of("domain", domainId, "name", name));
    }

    /** The project, no domain, if it can be used: it is enabled, and its domain is. One statement, for every token asks it. */
    public Optional<ProjectRow> findUsable(Transaction tx, String id) {
        return tx.first(ProjectRow.class, USABLE + "p.id = :id", Map.of("id", id));
    }

    /** As {@link #findUsable}, by the id of its domain and its name. */
    public Optional<ProjectRow> findUsableByName(Transaction tx, String domainId, String name) {
        return tx.first(
                ProjectRow.class,
                USABLE + "d.id = :domain and p.name = :name",
                Map.of("domain", domainId, "name", name));
    }

    /** As {@link #findUsable}, by the name of its domain and its own. */
    public Optional<ProjectRow> findUsableInDomain(Transaction tx, String domainName, String name) {
        return tx.first(
                ProjectRow.class,
                USABLE + "d.name = :domain and p.name = :name",
                Map.of("domain", domainName, "name", name));
    }

    public List<ProjectRow> children(Transaction tx, String id) {
        return tx.list(ProjectRow.class, "from ProjectRow where parentId = :id order by id", Map.of("id", id));
    }

    /** The ids above, the nearest first, the domain last. */
    public List<String> above(Transaction tx, String id) {
        return tx.listNative(
                String.class,
                "with recursive up as (select parent_id, 1 as depth from project where id = :id"
                        + " union all select p.parent_id, depth + 1 from project p join up on p.id = up.parent_id)"
                        + " select parent_id from up where parent_id <> '' order by depth",
                Map.of("id", id));
    }

    /** The ids of all projects below, the project or domain itself not included. */
    public Set<String> below(Transaction tx, String id) {
        return new LinkedHashSet<>(tx.listNative(
                String.class,
                "with recursive down as (select id from project where parent_id = :id"
                        + " union all select p.id from project p join down on p.parent_id = down.id)"
                        + " select id from down",
                Map.of("id", id)));
    }

    public void insert(Transaction tx, ProjectRow row) {
        tx.insert(row);
        publish(tx, row, Change.CHANGE_CREATED);
    }

    public void update(Transaction tx, ProjectRow row) {
        tx.update(row);
        publish(tx, row, row.enabled ? Change.CHANGE_UPDATED : Change.CHANGE_DISABLED);
    }

    /** The row and what hangs on it; who may and whether it is empty is the caller's affair. */
    public void delete(Transaction tx, ProjectRow row) {
        Map<String, String> id = Map.of("id", row.id);
        tx.execute("delete from AssignmentRow where targetId = :id", id);
        tx.execute("delete from TrustRow where projectId = :id", id);
        tx.execute("delete from ApplicationCredentialRow where projectId = :id", id);
        tx.execute("delete from CredentialRow where projectId = :id", id);
        tx.execute("delete from ProjectEndpointRow where projectId = :id", id);
        tx.execute("delete from ProjectEndpointGroupRow where projectId = :id", id);
        tx.execute("delete from LimitRow where projectId = :id or domainId = :id", id);
        tx.execute("delete from DomainConfigRow where domainId = :id", id);
        tx.execute("update UserRow set defaultProjectId = null where defaultProjectId = :id", id);
        tx.delete(row);
        publish(tx, row, Change.CHANGE_DELETED);
    }

    private static void publish(Transaction tx, ProjectRow row, Change change) {
        if (row.isDomain) {
            tx.publish(
                    DomainListener.TOPIC,
                    row.id,
                    DomainEvent.newBuilder()
                            .setId(row.id)
                            .setName(row.name)
                            .setChange(change)
                            .setGeneration(row.generation)
                            .build());
        } else {
            tx.publish(
                    ProjectListener.TOPIC,
                    row.id,
                    ProjectEvent.newBuilder()
                            .setId(row.id)
                            .setDomainId(row.domainId)
                            .setName(row.name)
                            .setChange(change)
                            .setGeneration(row.generation)
                            .build());
        }
    }
}
