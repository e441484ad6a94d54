package io.nephos.network.quota;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much a project may have; what it has is counted from the rows, in the transaction that adds to them. */
@ApplicationScoped
public class Quotas {
    public static final String NETWORK = "network";
    public static final String SUBNET = "subnet";
    public static final String PORT = "port";
    public static final String ROUTER = "router";
    public static final String FLOATINGIP = "floatingip";
    public static final String SECURITY_GROUP = "security_group";
    public static final String SECURITY_GROUP_RULE = "security_group_rule";
    public static final String SUBNETPOOL = "subnetpool";

    /** Resource to entity. */
    private static final Map<String, String> COUNTED = Map.of(
            NETWORK, "NetworkRow",
            SUBNET, "SubnetRow",
            PORT, "PortRow",
            ROUTER, "RouterRow",
            FLOATINGIP, "FloatingIpRow",
            SECURITY_GROUP, "SecurityGroupRow",
            SECURITY_GROUP_RULE, "SecurityGroupRuleRow",
            SUBNETPOOL, "SubnetpoolRow");

    /** The limits of a project for which none were set; -1 is none. */
    public Map<String, Long> defaults() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put(FLOATINGIP, 50L);
        limits.put(NETWORK, 100L);
        limits.put(PORT, 500L);
        limits.put(ROUTER, 10L);
        limits.put(SECURITY_GROUP, 10L);
        limits.put(SECURITY_GROUP_RULE, 100L);
        limits.put(SUBNET, 100L);
        limits.put(SUBNETPOOL, -1L);
        return limits;
    }

    public Map<String, Long> of(Transaction tx, String projectId) {
        Map<String, Long> limits = defaults();
        tx.list(QuotaRow.class, "from QuotaRow r where r.projectId = :project", Map.of("project", projectId))
                .forEach(row -> limits.replace(row.resource, row.quota));
        return limits;
    }

    public long used(Transaction tx, String projectId, String resource) {
        return tx.count(
                "select count(*) from " + COUNTED.get(resource) + " r where r.projectId = :project",
                Map.of("project", projectId));
    }

    /** Makes room for so many more, or says 409 OverQuota. Others of the project wait until this transaction ends. */
    public void take(Transaction tx, String projectId, String resource, int more) {
        if (projectId.isEmpty()) {
            return;
        }
        long limit = tx.find(QuotaRow.class, projectId + "/" + resource)
                .map(row -> row.quota)
                .orElseGet(() -> defaults().getOrDefault(resource, -1L));
        if (limit < 0) {
            return;
        }
        tx.serialize("quota/" + projectId + "/" + resource);
        if (used(tx, projectId, resource) + more > limit) {
            throw Fault.overLimit("OverQuota", "Quota exceeded for resources: ['" + resource + "'].");
        }
    }
}
