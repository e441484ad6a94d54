package io.nephos.network.subnetpool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Noun;
import io.nephos.network.api.Stamp;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.quota.Quotas;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Subnet pools: who makes a subnet from one gets a prefix that no other subnet of the pool has. */
@ApplicationScoped
public class Subnetpools implements Noun<SubnetpoolRow> {
    private static final Set<String> SETTABLE = Set.of(
            "name",
            "description",
            "prefixes",
            "min_prefixlen",
            "max_prefixlen",
            "default_prefixlen",
            "default_quota",
            "is_default");

    private final Access access;
    private final Quotas quotas;

    @Inject
    public Subnetpools(Access access, Quotas quotas) {
        this.access = access;
        this.quotas = quotas;
    }

    @Override
    public SubnetpoolRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(SubnetpoolRow.class, id)
                .filter(row -> row.shared || access.allows("get_subnetpool", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    private static FaultException notFound(String id) {
        return Fault.notFound("SubnetPoolNotFound", "Subnet pool " + id + " could not be found.");
    }

    public SubnetpoolRow defaultOf(Transaction tx, int ipVersion) {
        return tx.first(
                        SubnetpoolRow.class,
                        "from SubnetpoolRow r where r.isDefault = true and r.ipVersion = :version",
                        Map.of("version", ipVersion))
                .orElseThrow(() -> Fault.badRequest(
                        "BadRequest",
                        "Bad subnets request: no default subnet pool for IPv" + ipVersion + " is there."));
    }

    @Override
    public SubnetpoolRow create(Transaction tx, Caller caller, Fields body) {
        Set<String> known = new HashSet<>(SETTABLE);
        known.addAll(Set.of("project_id", "tenant_id", "shared"));
        Attributes.only(body, known);
        String project = access.owner(caller, body);
        access.require("create_subnetpool", caller, project);
        SubnetpoolRow row = new SubnetpoolRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = project;
        row.name = body.text("name", 0, 255);
        row.description = "";
        row.shared = body.flag("shared", false);
        row.prefixes = List.of();
        if (row.shared) {
            access.require("create_subnetpool:shared", caller, project);
        }
        if (!body.has("prefixes")) {
            throw Fault.badRequest("Failed to parse request. Required attribute 'prefixes' not specified");
        }
        change(tx, caller, row, body, "create_subnetpool");
        quotas.take(tx, project, Quotas.SUBNETPOOL, 1);
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
        tx.insert(row);
        return row;
    }

    SubnetpoolRow update(Transaction tx, Caller caller, String id, Fields body) {
        visible(tx, caller, id);
        SubnetpoolRow row = tx.lock(SubnetpoolRow.class, id).orElseThrow(() -> notFound(id));
        Attributes.only(body, SETTABLE);
        access.require("update_subnetpool", caller, row.projectId);
        body.optionalText("name", 0, 255).ifPresent(value -> row.name = value);
        change(tx, caller, row, body, "update_subnetpool");
        row.updatedAt = Stamp.now();
        tx.update(row);
        return row;
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        visible(tx, caller, id);
        SubnetpoolRow row = tx.lock(SubnetpoolRow.class, id).orElseThrow(() -> notFound(id));
        access.require("delete_subnetpool", caller, row.projectId);
        if (!subnets(tx, id).isEmpty()) {
            throw Fault.badRequest(
                    "SubnetPoolDeleteError", "Unable to delete subnet pool: Subnet pool has existing allocations.");
        }
        tx.delete(row);
    }

    private void change(Transaction tx, Caller caller, SubnetpoolRow row, Fields body, String action) {
        body.optionalText("description", 0, 255).ifPresent(value -> row.description = value);
        body.optionalFlag("is_default").filter(value -> value != row.isDefault).ifPresent(value -> {
            access.require(action + ":is_default", caller, row.projectId);
            row.isDefault = value;
        });
        if (body.has("prefixes")) {
            List<Cidr> prefixes = new ArrayList<>();
            for (String text : body.texts("prefixes", 1, 64)) {
                prefixes.add(Attributes.cidr("prefixes", text));
            }
            if (prefixes.isEmpty()) {
                throw Fault.badRequest("EmptySubnetPoolPrefixList", "Empty subnet pool prefix list.");
            }
            if (prefixes.stream().map(Cidr::version).distinct().count() > 1) {
                throw Fault.badRequest("PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.");
            }
            if (row.prefixes.stream()
                    .map(Cidr::of)
                    .anyMatch(old -> prefixes.stream()
                            .noneMatch(now -> now.contains(old.network()) && now.prefix() <= old.prefix()))) {
                throw Fault.badRequest(
                        "IllegalSubnetPoolPrefixUpdate", "Illegal update to prefixes: existing prefixes must be kept.");
            }
            row.prefixes = prefixes.stream().map(Cidr::toString).toList();
        }
        boolean fresh = row.ipVersion == 0;
        row.ipVersion = Cidr.of(row.prefixes.getFirst()).version();
        int bits = row.ipVersion == 4 ? 32 : 128;
        row.minPrefixlen = body.optionalInteger("min_prefixlen", 0, bits)
                .orElse(fresh ? (row.ipVersion == 4 ? 8 : 64) : row.minPrefixlen);
        row.maxPrefixlen = body.optionalInteger("max_prefixlen", 0, bits).orElse(fresh ? bits : row.maxPrefixlen);
        row.defaultPrefixlen = body.optionalInteger("default_prefixlen", 0, bits)
                .orElse(fresh ? row.minPrefixlen : row.defaultPrefixlen);
        if (body.has("default_quota")) {
            row.defaultQuota =
                    body.optionalInteger("default_quota", 0, Integer.MAX_VALUE).orElse(null);
        }
        if (row.minPrefixlen > row.maxPrefixlen
                || row.defaultPrefixlen < row.minPrefixlen
                || row.defaultPrefixlen > row.maxPrefixlen) {
            throw Fault.badRequest(
                    "IllegalSubnetPoolPrefixBounds",
                    "Illegal prefix bounds: min_prefixlen " + row.minPrefixlen + ", default_prefixlen "
                            + row.defaultPrefixlen + ", max_prefixlen " + row.maxPrefixlen + ".");
        }
    }

    /** A prefix of the pool for a new subnet: the one asked for, or the first that is free with that length. */
    public Cidr allocate(
            Transaction tx,
            Caller caller,
            String id,
            Optional<Cidr> asked,
            Optional<Integer> length,
            String projectId) {
        visible(tx, caller, id);
        SubnetpoolRow pool = tx.lock(SubnetpoolRow.class, id).orElseThrow(() -> notFound(id));
        List<SubnetRow> subnets = subnets(tx, id);
        List<Cidr> taken = subnets.stream().map(subnet -> Cidr.of(subnet.cidr)).toList();
        int prefix = asked.map(Cidr::prefix).or(() -> length).orElse(pool.defaultPrefixlen);
        if (prefix < pool.minPrefixlen || prefix > pool.maxPrefixlen) {
            throw Fault.badRequest(
                    prefix < pool.minPrefixlen ? "MinPrefixSubnetAllocationError" : "MaxPrefixSubnetAllocationError",
                    "Unable to allocate subnet with prefix length " + prefix + ", the pool allows " + pool.minPrefixlen
                            + " to " + pool.maxPrefixlen + ".");
        }
        Cidr chosen = asked.filter(cidr -> within(pool, cidr) && taken.stream().noneMatch(cidr::overlaps))
                .or(() -> asked.isPresent() ? Optional.empty() : free(pool, taken, prefix))
                .orElseThrow(() -> Fault.conflict(
                        "SubnetAllocationError",
                        "Failed to allocate subnet: Insufficient prefix space to allocate subnet" + " size /" + prefix
                                + "."));
        refuseOverQuota(pool, subnets, chosen, projectId);
        return chosen;
    }

    private static void refuseOverQuota(SubnetpoolRow pool, List<SubnetRow> subnets, Cidr chosen, String projectId) {
        Integer quota = pool.defaultQuota;
        if (quota == null) {
            return;
        }
        // Neutron counts addresses in IPv4 pools and /64s in IPv6 ones.
        int unit = pool.ipVersion == 4 ? 0 : 64;
        BigInteger used = subnets.stream()
                .filter(subnet -> subnet.projectId.equals(projectId))
                .map(subnet -> Cidr.of(subnet.cidr).size().shiftRight(unit))
                .reduce(BigInteger.ZERO, BigInteger::add);
        if (used.add(chosen.size().shiftRight(unit)).compareTo(BigInteger.valueOf(quota)) > 0) {
            throw Fault.conflict("SubnetPoolQuotaExceeded", "Per-tenant subnet pool prefix quota exceeded.");
        }
    }

    private static boolean within(SubnetpoolRow pool, Cidr cidr) {
        return pool.prefixes.stream()
                .map(Cidr::of)
                .anyMatch(prefix -> prefix.contains(cidr.network()) && prefix.prefix() <= cidr.prefix());
    }

    private static Optional<Cidr> free(SubnetpoolRow pool, List<Cidr> taken, int length) {
        for (String text : pool.prefixes) {
            Cidr prefix = Cidr.of(text);
            if (prefix.prefix() > length) {
                continue;
            }
            Cidr candidate = Cidr.of(prefix.network(), length);
            while (prefix.contains(candidate.network())) {
                Cidr at = candidate;
                Optional<Cidr> inTheWay = taken.stream().filter(at::overlaps).findFirst();
                if (inTheWay.isEmpty()) {
                    return Optional.of(at);
                }
                // Past whichever reaches further: the candidate or what is in its way.
                Cidr wider = inTheWay.get().prefix() < length ? inTheWay.get() : at;
                candidate = Cidr.of(wider.last().plus(1), length);
            }
        }
        return Optional.empty();
    }

    private static List<SubnetRow> subnets(Transaction tx, String pool) {
        return tx.list(SubnetRow.class, "from SubnetRow r where r.subnetpoolId = :pool", Map.of("pool", pool));
    }

    @Override
    public String visibleInLists() {
        return "r.projectId = :caller or r.shared = true";
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<SubnetpoolRow> rows) {
        return rows.stream().map(row -> SubnetpoolView.of(row)).toList();
    }
}
