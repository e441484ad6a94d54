package io.nephos.network.ovn;

import io.nephos.network.fabric.Scope;
import io.nephos.network.securitygroup.Protocol;
import io.nephos.network.securitygroup.SecurityGroupRow;
import io.nephos.network.securitygroup.SecurityGroupRuleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A security group as a port group with its rules as ACLs. They name the port group and the address sets that OVN keeps
 * of its members, so their number does not grow with the ports. Pure.
 */
final class GroupCompiler {
    private static final long ALLOW = 1002;
    private static final long DROP = 1001;
    private static final String GUARD = "nephos_guard";

    private GroupCompiler() {}

    static List<Wanted> compile(SecurityGroupRow group, List<SecurityGroupRuleRow> rules) {
        String key = Scope.securityGroup(group.id).toString();
        List<Wanted> rows = new ArrayList<>();
        rows.add(new Wanted("Port_Group", key)
                .with("name", name(group.id))
                .id("nephos:security_group_name", group.name));
        for (SecurityGroupRuleRow rule : rules) {
            rows.add(acl(
                    key,
                    "rule/" + rule.id,
                    rule.direction.equals("ingress") ? "to-lport" : "from-lport",
                    ALLOW,
                    match(rule),
                    group.stateful ? "allow-related" : "allow-stateless"));
        }
        return rows;
    }

    /** What holds for every guarded port: nothing passes that no rule allows, but for DHCP. */
    static List<Wanted> guard() {
        String key = Scope.guard().toString();
        return List.of(
                new Wanted("Port_Group", key).with("name", GUARD),
                acl(key, "in", "to-lport", DROP, "outport == @" + GUARD + " && ip", "drop"),
                acl(key, "out", "from-lport", DROP, "inport == @" + GUARD + " && ip", "drop"),
                acl(
                        key,
                        "dhcpv4",
                        "from-lport",
                        ALLOW,
                        "inport == @" + GUARD + " && ip4 && udp && udp.src == 68 && udp.dst == 67",
                        "allow"),
                acl(
                        key,
                        "dhcpv6",
                        "from-lport",
                        ALLOW,
                        "inport == @" + GUARD + " && ip6 && udp && udp.src == 546 && udp.dst == 547",
                        "allow"));
    }

    /** Of a group's port group; OVN adds _ip4 and _ip6 for the address sets. */
    static String name(String groupId) {
        return "pg_" + groupId.replace('-', '_');
    }

    private static Wanted acl(String group, String part, String direction, long priority, String match, String action) {
        return new Wanted("ACL", group + "/" + part)
                .in("Port_Group", group, "acls")
                .with("direction", direction)
                .with("priority", priority)
                .with("match", match)
                .with("action", action);
    }

    static String match(SecurityGroupRuleRow rule) {
        boolean ingress = rule.direction.equals("ingress");
        String ip = rule.ethertype.equals("IPv4") ? "ip4" : "ip6";
        List<String> parts = new ArrayList<>();
        parts.add((ingress ? "outport" : "inport") + " == @" + name(rule.groupId));
        parts.add(ip);
        String other = ip + "." + (ingress ? "src" : "dst");
        rule.normalizedCidr()
                .filter(cidr -> !Set.of("0.0.0.0/0", "::/0").contains(cidr))
                .ifPresent(cidr -> parts.add(other + " == " + cidr));
        if (rule.remoteGroupId != null) {
            parts.add(other + " == $" + name(rule.remoteGroupId) + "_" + ip);
        }
        protocol(rule, parts);
        return String.join(" && ", parts);
    }

    private static void protocol(SecurityGroupRuleRow rule, List<String> parts) {
        String protocol = rule.protocol;
        if (protocol == null) {
            return;
        }
        int number = Protocol.number(protocol).orElse(0);
        switch (number) {
            case 0 -> {
                // "ip", "hopopt": any protocol.
            }
            case 6 -> ports("tcp", rule, parts);
            case 17 -> ports("udp", rule, parts);
            case 132 -> ports("sctp", rule, parts);
            case 1, 58 -> icmp(rule, parts);
            default -> parts.add("ip.proto == " + number);
        }
    }

    private static void ports(String protocol, SecurityGroupRuleRow rule, List<String> parts) {
        parts.add(protocol);
        if (rule.portRangeMin == null || rule.portRangeMax == null) {
            return;
        }
        if (rule.portRangeMin.equals(rule.portRangeMax)) {
            parts.add(protocol + ".dst == " + rule.portRangeMin);
        } else {
            parts.add(protocol + ".dst >= " + rule.portRangeMin);
            parts.add(protocol + ".dst <= " + rule.portRangeMax);
        }
    }

    private static void icmp(SecurityGroupRuleRow rule, List<String> parts) {
        String icmp = rule.ethertype.equals("IPv4") ? "icmp4" : "icmp6";
        parts.add(icmp);
        if (rule.portRangeMin != null) {
            parts.add(icmp + ".type == " + rule.portRangeMin);
        }
        if (rule.portRangeMax != null) {
            parts.add(icmp + ".code == " + rule.portRangeMax);
        }
    }
}
