package io.nephos.kit.tenant;

import io.nephos.kit.data.Database;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The projects and domains that identity-service has told of, in this service's own database. */
@ApplicationScoped
public class Tenants {
    private static final Logger LOG = Logger.getLogger(Tenants.class);
    /** A project that cannot be used: disabled or deleted itself, or by its domain. */
    private static final String CLOSED = """
            select p.id, p.name, p.domain_id, coalesce(p.deleted_at, d.deleted_at) as deleted_at
              from tenant p left join tenant d on d.id = p.domain_id and d.kind = 'domain'
             where p.kind = 'project' and (p.deleted_at is not null or not p.enabled
                or d.deleted_at is not null or not coalesce(d.enabled, true))""";

    private final Database database;
    private final Instance<ProjectBelongings> belongings;

    @Inject
    public Tenants(Database database, Instance<ProjectBelongings> belongings) {
        this.database = database;
        this.belongings = belongings;
    }

    void project(String id, String domainId, String name, State state, long generation) {
        put(id, "project", domainId, name, state, generation);
    }

    void domain(String id, String name, State state, long generation) {
        put(id, "domain", id, name, state, generation);
    }

    /** An event that comes late changes nothing; one that comes twice neither. */
    private void put(String id, String kind, String domainId, String name, State state, long generation) {
        database.execute(
                "insert into tenant (id, kind, domain_id, name, enabled, deleted_at, generation)"
                        + " values ($1, $2, $3, $4, $5, case when $6 then now() end, $7)"
                        + " on conflict (id) do update set name = excluded.name, enabled = excluded.enabled,"
                        + " deleted_at = excluded.deleted_at, generation = excluded.generation"
                        + " where tenant.generation <= excluded.generation and tenant.deleted_at is null",
                id,
                kind,
                domainId,
                name,
                state == State.ENABLED,
                state == State.DELETED,
                generation);
    }

    /** A deleted project's limits and shares go at once; what it owns stays, as OpenStack leaves it, until somebody purges it. */
    void forget(String projectId) {
        for (ProjectBelongings own : belongings) {
            own.forget(projectId);
        }
        orphan(projectId)
                .ifPresent(orphan -> LOG.warnf("Project %s was deleted and left %s", projectId, orphan.left()));
    }

    /** What disabled and deleted projects own here, in the order of their ids. */
    List<Orphan> orphans() {
        return orphans("", List.of());
    }

    Optional<Orphan> orphan(String projectId) {
        return orphans(" where c.id = $1", List.of(projectId)).stream().findFirst();
    }

    private List<Orphan> orphans(String where, List<Object> parameters) {
        List<String> owners = new ArrayList<>();
        for (ProjectBelongings own : belongings) {
            own.owners()
                    .forEach((kind, sql) ->
                            owners.add("select '" + kind + "' as kind, owner from (" + sql + ") o(owner)"));
        }
        if (owners.isEmpty()) {
            return List.of();
        }
        Map<String, Orphan> found = new LinkedHashMap<>();
        for (Row row : database.rows(
                "with closed as (" + CLOSED + "), owned as (" + String.join(" union all ", owners) + ")"
                        + " select c.id, c.name, c.domain_id, c.deleted_at, o.kind, count(*) as left"
                        + " from closed c join owned o on o.owner = c.id" + where
                        + " group by c.id, c.name, c.domain_id, c.deleted_at, o.kind order by c.id, o.kind",
                parameters.toArray())) {
            found.computeIfAbsent(
                            row.getString("id"),
                            id -> new Orphan(
                                    id,
                                    row.getString("name"),
                                    row.getString("domain_id"),
                                    Optional.ofNullable(row.getOffsetDateTime("deleted_at")),
                                    new LinkedHashMap<>()))
                    .left()
                    .put(row.getString("kind"), row.getLong("left"));
        }
        return List.copyOf(found.values());
    }
}
