package io.nephos.compute.quota;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes from a project's quota: usage is counted from the rows, in the transaction that adds to them. */
@ApplicationScoped
public class Quotas {
    /** The owner of the limits that hold where a project has none of its own. */
    static final String DEFAULTS = "class:default";

    /** What the servers of a project use; {@code ramMib} in MiB. */
    public record Usage(long instances, long cores, long ramMib) {}

    /** The limits in force for a project: its own, else those of the class "default", else the built-in ones. */
    public Map<Quota, Long> limits(Transaction tx, String projectId) {
        return inForce(tx, List.of(DEFAULTS, projectId));
    }

    Map<Quota, Long> defaults(Transaction tx) {
        return inForce(tx, List.of(DEFAULTS));
    }

    /** The last owner that has a limit decides it. */
    private static Map<Quota, Long> inForce(Transaction tx, List<String> owners) {
        Map<Quota, Long> limits = new EnumMap<>(Quota.class);
        for (Quota quota : Quota.values()) {
            limits.put(quota, quota.usual());
        }
        List<QuotaRow> rows = tx.list(QuotaRow.class, "from QuotaRow where projectId in (:o)", Map.of("o", owners));
        for (String owner : owners) {
            rows.stream()
                    .filter(row -> row.projectId.equals(owner))
                    .forEach(row -> Quota.of(row.resource).ifPresent(quota -> limits.put(quota, row.hardLimit)));
        }
        return limits;
    }

    void set(Transaction tx, String owner, Quota quota, long limit) {
        tx.executeNative(
                "insert into quota (project_id, resource, hard_limit) values (:p, :r, :l)"
                        + " on conflict (project_id, resource) do update set hard_limit = :l",
                Map.of("p", owner, "r", quota.wire(), "l", limit));
    }

    public Usage usage(Transaction tx, String projectId) {
        List<Object[]> sums = tx.listNative(
                Object[].class,
                "select count(*), coalesce(sum(vcpus), 0), coalesce(sum(memory_mib), 0) from server"
                        + " where project_id = :p",
                Map.of("p", projectId));
        Object[] row = sums.getFirst();
        return new Usage(((Number) row[0]).longValue(), ((Number) row[1]).longValue(), ((Number) row[2]).longValue());
    }

    /**
     * As many servers of that size with so many items of metadata each as fit, from {@code least} to {@code most}; 403 when
     * not even the least do. Other requests of the project wait until this transaction ends.
     */
    public int takeServers(
            Transaction tx, String projectId, int least, int most, int vcpus, int memoryMib, int metadataItems) {
        tx.serialize("quota:" + projectId);
        Map<Quota, Long> limits = limits(tx, projectId);
        checkMetadata(limits, metadataItems);
        Usage used = usage(tx, projectId);
        long fitting = Math.min(
                room(limits, Quota.INSTANCES, used.instances()),
                Math.min(
                        room(limits, Quota.CORES, used.cores()) / vcpus,
                        room(limits, Quota.RAM, used.ramMib()) / memoryMib));
        int count = (int) Math.max(least, Math.min(most, fitting));
        take(limits, Quota.INSTANCES, used.instances(), count);
        take(limits, Quota.CORES, used.cores(), (long) count * vcpus);
        take(limits, Quota.RAM, used.ramMib(), (long) count * memoryMib);
        return count;
    }

    private static long room(Map<Quota, Long> limits, Quota quota, long used) {
        long limit = limits.getOrDefault(quota, quota.usual());
        return limit < 0 ? Integer.MAX_VALUE : Math.max(0, limit - used);
    }

    public void takeKeypair(Transaction tx, String userId, String projectId) {
        tx.serialize("quota-keypair:" + userId);
        long used = tx.count("select count(*) from KeypairRow where userId = :u", Map.of("u", userId));
        if (exceeded(limits(tx, projectId), Quota.KEY_PAIRS, used, 1)) {
            throw Fault.overLimit("", "Quota exceeded, too many key pairs.");
        }
    }

    public void takeServerGroup(Transaction tx, String projectId) {
        tx.serialize("quota:" + projectId);
        long used = tx.count("select count(*) from ServerGroupRow where projectId = :p", Map.of("p", projectId));
        if (exceeded(limits(tx, projectId), Quota.SERVER_GROUPS, used, 1)) {
            throw Fault.overLimit("", "Quota exceeded, too many server groups.");
        }
    }

    public void takeGroupMembers(Transaction tx, String projectId, String groupId, int count) {
        long used = tx.count("select count(*) from ServerRow where groupId = :g", Map.of("g", groupId));
        if (exceeded(limits(tx, projectId), Quota.SERVER_GROUP_MEMBERS, used, count)) {
            throw Fault.overLimit("", "Quota exceeded, too many servers in group");
        }
    }

    public void checkMetadata(Transaction tx, String projectId, int items) {
        checkMetadata(limits(tx, projectId), items);
    }

    private static void checkMetadata(Map<Quota, Long> limits, int items) {
        long limit = limits.getOrDefault(Quota.METADATA_ITEMS, Quota.METADATA_ITEMS.usual());
        if (limit >= 0 && items > limit) {
            throw Fault.overLimit("", "Maximum number of metadata items exceeds " + limit);
        }
    }

    private static void take(Map<Quota, Long> limits, Quota quota, long used, long wanted) {
        if (exceeded(limits, quota, used, wanted)) {
            throw tooMany(quota, wanted, used, limits.getOrDefault(quota, quota.usual()));
        }
    }

    private static FaultException tooMany(Quota quota, long wanted, long used, long limit) {
        return Fault.overLimit(
                "",
                "Quota exceeded for " + quota.wire() + ": Requested " + wanted + ", but already used " + used + " of "
                        + limit + " " + quota.wire());
    }

    private static boolean exceeded(Map<Quota, Long> limits, Quota quota, long used, long wanted) {
        long limit = limits.getOrDefault(quota, quota.usual());
        return limit >= 0 && used + wanted > limit;
    }
}
