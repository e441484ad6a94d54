package io.nephos.network.securitygroup;

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
import io.nephos.network.fabric.Scope;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.quota.Quotas;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of security groups: they only ever allow. */
@ApplicationScoped
public class SecurityGroupRules implements Noun<SecurityGroupRuleRow> {
    private static final Set<String> SETTABLE = Set.of(
            "security_group_id",
            "direction",
            "ethertype",
            "protocol",
            "port_range_min",
            "port_range_max",
            "remote_ip_prefix",
            "remote_group_id",
            "description",
            "project_id",
            "tenant_id");
    private static final Set<String> WITH_PORTS =
            Set.of("tcp", "udp", "sctp", "dccp", "udplite", "6", "17", "132", "33", "136");
    private static final Set<String> ICMP = Set.of("icmp", "icmpv6", "ipv6-icmp", "1", "58");

    private final Access access;
    private final Quotas quotas;
    private final SecurityGroups groups;

    @Inject
    public SecurityGroupRules(Access access, Quotas quotas, SecurityGroups groups) {
        this.access = access;
        this.quotas = quotas;
        this.groups = groups;
    }

    static SecurityGroupRuleRow row(SecurityGroupRow group, String direction, String ethertype) {
        SecurityGroupRuleRow rule = new SecurityGroupRuleRow();
        rule.id = UUID.randomUUID().toString();
        rule.projectId = group.projectId;
        rule.groupId = group.id;
        rule.description = "";
        rule.direction = direction;
        rule.ethertype = ethertype;
        rule.createdAt = Stamp.now();
        rule.updatedAt = rule.createdAt;
        return rule;
    }

    @Override
    public SecurityGroupRuleRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(SecurityGroupRuleRow.class, id)
                .filter(row -> access.allows("get_security_group_rule", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    static FaultException notFound(String id) {
        return Fault.notFound("SecurityGroupRuleNotFound", "Security group rule " + id + " does not exist");
    }

    @Override
    public SecurityGroupRuleRow create(Transaction tx, Caller caller, Fields body) {
        Attributes.only(body, SETTABLE);
        SecurityGroupRow group = groups.visible(tx, caller, body.uuid("security_group_id"));
        access.require("create_security_group_rule", caller, group.projectId);
        SecurityGroupRuleRow rule = row(
                group,
                body.oneOf("direction", "ingress", "egress"),
                ethertype(body.optionalText("ethertype", 1, 16).orElse("IPv4")));
        rule.description = body.optionalText("description", 0, 255).orElse("");
        rule.protocol = protocol(body);
        rule.portRangeMin = port(body, "port_range_min");
        rule.portRangeMax = port(body, "port_range_max");
        rule.remoteIpPrefix = body.optionalText("remote_ip_prefix", 1, 64)
                .map(text -> prefix(rule, text))
                .orElse(null);
        rule.remoteGroupId = body.optionalText("remote_group_id", 1, 36).orElse(null);
        if (rule.remoteGroupId != null) {
            groups.visible(tx, caller, rule.remoteGroupId);
        }
        if (rule.remoteGroupId != null && rule.remoteIpPrefix != null) {
            throw Fault.badRequest(
                    "SecurityGroupMultipleRemoteEntites",
                    "Only one of remote_ip_prefix, remote_group_id or remote_address_group_id may be provided.");
        }
        checkPorts(rule);
        tx.serialize("group-rules/" + group.id);
        groups.rules(tx, java.util.List.of(group.id)).stream()
                .filter(other -> same(rule, other))
                .findFirst()
                .ifPresent(other -> {
                    throw Fault.conflict(
                            "SecurityGroupRuleExists",
                            "Security group rule already exists. Rule id is " + other.id + ".");
                });
        quotas.take(tx, group.projectId, Quotas.SECURITY_GROUP_RULE, 1);
        tx.insert(rule);
        Scope.securityGroup(group.id).wake(tx);
        return rule;
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        SecurityGroupRuleRow rule = visible(tx, caller, id);
        access.require("delete_security_group_rule", caller, rule.projectId);
        tx.delete(rule);
        Scope.securityGroup(rule.groupId).wake(tx);
    }

    private static String ethertype(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "ipv4" -> "IPv4";
            case "ipv6" -> "IPv6";
            default ->
                throw Fault.badRequest(
                        "SecurityGroupRuleInvalidEtherType",
                        "Security group rule for ethertype '" + text
                                + "' not supported. Allowed values are ['IPv4', 'IPv6'].");
        };
    }

    private static @Nullable String protocol(Fields body) {
        Optional<String> text =
                Attributes.value(body, "protocol").map(node -> node.asText().toLowerCase(Locale.ROOT));
        if (text.isEmpty() || text.get().isEmpty() || text.get().equals("any")) {
            return null;
        }
        String protocol = text.get();
        boolean number = protocol.matches("\\d{1,3}") && Integer.parseInt(protocol) <= 255;
        if (!number && Protocol.number(protocol).isEmpty()) {
            throw Fault.badRequest(
                    "SecurityGroupRuleInvalidProtocol",
                    "Security group rule protocol " + protocol + " not supported. Only protocol names and integer"
                            + " representations [0 to 255] are supported.");
        }
        return protocol;
    }

    /** As sent, host bits and all; a mere address is a network of one. */
    private static String prefix(SecurityGroupRuleRow rule, String text) {
        Cidr cidr = Attributes.cidr("remote_ip_prefix", text);
        if (cidr.version() != (rule.ethertype.equals("IPv4") ? 4 : 6)) {
            throw Fault.badRequest(
                    "SecurityGroupRuleParameterConflict",
                    "Conflicting value ethertype " + rule.ethertype + " for CIDR " + text);
        }
        return text.contains("/") ? text : cidr.toString();
    }

    private static @Nullable Integer port(Fields body, String attribute) {
        Optional<Integer> port = body.optionalInteger(attribute, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (port.isPresent() && (port.get() < 0 || port.get() > 65_535)) {
            throw Fault.badRequest("SecurityGroupInvalidPortValue", "Invalid value for port " + port.get());
        }
        return port.orElse(null);
    }

    private static void checkIcmp(String field, int value) {
        if (value > 255) {
            throw Fault.badRequest(
                    "SecurityGroupInvalidIcmpValue",
                    "Invalid value for ICMP " + field + " " + value + ". It must be 0 to 255.");
        }
    }

    private static void checkPorts(SecurityGroupRuleRow rule) {
        Integer min = rule.portRangeMin;
        Integer max = rule.portRangeMax;
        if (min == null && max == null) {
            return;
        }
        String protocol = rule.protocol;
        if (protocol == null) {
            throw Fault.badRequest(
                    "SecurityGroupProtocolRequiredWithPorts", "Must also specify protocol if port range is given.");
        }
        if (ICMP.contains(protocol)) {
            if (min == null) {
                throw Fault.badRequest(
                        "SecurityGroupMissingIcmpType",
                        "ICMP code (port-range-max) " + max
                                + " is provided but ICMP type (port-range-min) is missing.");
            }
            checkIcmp("type (port-range-min)", min);
            if (max != null) {
                checkIcmp("code (port-range-max)", max);
            }
        } else if (!WITH_PORTS.contains(protocol)) {
            throw Fault.badRequest(
                    "SecurityGroupInvalidProtocolForPort",
                    "Invalid protocol " + protocol
                            + " for port range, only supported for TCP, UDP, UDPLITE, SCTP and DCCP.");
        } else if (min != null && min == 0) {
            throw Fault.badRequest("SecurityGroupInvalidPortValue", "Invalid value for port 0");
        } else if (min == null || max == null || min > max) {
            throw Fault.badRequest(
                    "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max");
        }
    }

    private static boolean same(SecurityGroupRuleRow a, SecurityGroupRuleRow b) {
        return a.direction.equals(b.direction)
                && a.ethertype.equals(b.ethertype)
                && Objects.equals(a.protocol, b.protocol)
                && Objects.equals(a.portRangeMin, b.portRangeMin)
                && Objects.equals(a.portRangeMax, b.portRangeMax)
                && a.normalizedCidr().equals(b.normalizedCidr())
                && Objects.equals(a.remoteGroupId, b.remoteGroupId);
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<SecurityGroupRuleRow> rows) {
        return rows.stream().map(row -> SecurityGroupView.of(row)).toList();
    }
}
