package io.nephos.block.quota;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Limits that were set, and usage counted from the volumes themselves. */
@ApplicationScoped
public class QuotaStore {
    private final Database database;

    @Inject
    public QuotaStore(Database database) {
        this.database = database;
    }

    /** 413 unless one more volume of that size fits the project. Others of the project wait until this commits. */
    public void take(Transaction tx, String project, String typeId, long gib) {
        tx.serialize("quota:" + project);
        Map<String, Long> limits = limits(tx, project);
        String type = typeName(tx, typeId);
        long perVolume = limits.getOrDefault(Quota.PER_VOLUME, -1L);
        require(Quota.PER_VOLUME, perVolume, 0, gib);
        require(Quota.VOLUMES, limits, used(tx, project, "count(*)", ""), 1);
        require(Quota.GIGABYTES, limits, used(tx, project, "coalesce(sum(wanted_gib), 0)", ""), gib);
        require(Quota.VOLUMES + "_" + type, limits, used(tx, project, "count(*)", typeId), 1);
        require(Quota.GIGABYTES + "_" + type, limits, used(tx, project, "coalesce(sum(wanted_gib), 0)", typeId), gib);
    }

    /** 413 unless a volume may have that size, which is so many GiB more than it has. */
    public void grow(Transaction tx, String project, String typeId, long newGib, long more) {
        tx.serialize("quota:" + project);
        Map<String, Long> limits = limits(tx, project);
        long perVolume = limits.getOrDefault(Quota.PER_VOLUME, -1L);
        require(Quota.PER_VOLUME, perVolume, 0, newGib);
        require(Quota.GIGABYTES, limits, used(tx, project, "coalesce(sum(wanted_gib), 0)", ""), more);
        require(
                Quota.GIGABYTES + "_" + typeName(tx, typeId),
                limits,
                used(tx, project, "coalesce(sum(wanted_gib), 0)", typeId),
                more);
    }

    /** 413 unless a volume that the project has already may be of that type. */
    public void retype(Transaction tx, String project, String typeId, long gib) {
        tx.serialize("quota:" + project);
        Map<String, Long> limits = limits(tx, project);
        String type = typeName(tx, typeId);
        require(Quota.VOLUMES + "_" + type, limits, used(tx, project, "count(*)", typeId), 1);
        require(Quota.GIGABYTES + "_" + type, limits, used(tx, project, "coalesce(sum(wanted_gib), 0)", typeId), gib);
    }

    private static void require(String resource, Map<String, Long> limits, long used, long more) {
        require(resource, limits.getOrDefault(resource, -1L), used, more);
    }

    private static void require(String resource, long limit, long used, long more) {
        String name = resource.equals(Quota.PER_VOLUME) ? Quota.GIGABYTES : resource;
        Quota.excess(name, limit, used, more).ifPresent(reason -> {
            throw Fault.overLimit("", "VolumeSizeExceedsLimit: " + reason);
        });
    }

    private static long used(Transaction tx, String project, String what, String typeId) {
        String sql = "select cast(" + what + " as bigint) from volume where project_id = :project"
                + (typeId.isEmpty() ? "" : " and type_id = :type");
        Map<String, Object> parameters = new HashMap<>(Map.of("project", project));
        if (!typeId.isEmpty()) {
            parameters.put("type", typeId);
        }
        return tx.listNative(Long.class, sql, parameters).getFirst();
    }

    private static String typeName(Transaction tx, String typeId) {
        return tx.listNative(String.class, "select name from volume_type where id = :id", Map.of("id", typeId))
                .getFirst();
    }

    private Map<String, Long> limits(Transaction tx, String project) {
        Map<String, Long> limits =
                Quota.defaults(tx.listNative(String.class, "select name from volume_type", Map.of()));
        for (Object[] row : tx.listNative(
                Object[].class,
                "select resource, value from quota_limit where project_id = :project",
                Map.of("project", project))) {
            limits.put((String) row[0], ((Number) row[1]).longValue());
        }
        return limits;
    }

    /** What applies to the project, by resource. */
    public Map<String, Long> limits(String project) {
        return database.read(tx -> limits(tx, project));
    }

    public Map<String, Long> defaults() {
        return Quota.defaults(
                database.read(tx -> tx.listNative(String.class, "select name from volume_type", Map.of())));
    }

    /** What the project uses, by resource; what is not there is not used. */
    public Map<String, Long> usage(String project) {
        Map<String, Long> usage = new LinkedHashMap<>();
        List<Row> rows = database.rows(
                "select t.name, count(*) as number, coalesce(sum(v.wanted_gib), 0)::bigint as gib from volume v"
                        + " join volume_type t on t.id = v.type_id where v.project_id = $1 group by t.name",
                project);
        for (Row row : rows) {
            String type = row.getString("name");
            usage.merge(Quota.VOLUMES, row.getLong("number"), Long::sum);
            usage.merge(Quota.GIGABYTES, row.getLong("gib"), Long::sum);
            usage.put(Quota.VOLUMES + "_" + type, row.getLong("number"));
            usage.put(Quota.GIGABYTES + "_" + type, row.getLong("gib"));
        }
        return usage;
    }

    void set(String project, Map<String, Long> limits) {
        database.run(tx -> limits.forEach((resource, value) -> tx.executeNative(
                "insert into quota_limit (project_id, resource, value) values (:project, :resource, :value)"
                        + " on conflict (project_id, resource) do update set value = :value",
                Map.of("project", project, "resource", resource, "value", value))));
    }

    void reset(String project) {
        database.execute("delete from quota_limit where project_id = $1", project);
    }
}
