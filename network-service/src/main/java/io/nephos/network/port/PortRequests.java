package io.nephos.network.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Noun;
import io.nephos.network.ipam.MacAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.securitygroup.SecurityGroups;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What users ask of ports: read, checked, allowed or not, and handed to {@link Ports}. */
@ApplicationScoped
public class PortRequests implements Noun<PortRow> {
    /** What a caller that is no administrator sees: its ports and those on its networks. */
    static final String VISIBLE =
            "r.projectId = :caller or r.networkId in (select n.id from NetworkRow n where n.projectId = :caller)";

    private static final Set<String> SETTABLE = Set.of(
            "name",
            "description",
            "admin_state_up",
            "device_id",
            "device_owner",
            "fixed_ips",
            "mac_address",
            "security_groups",
            "port_security_enabled",
            "allowed_address_pairs",
            "binding:host_id",
            "binding:vnic_type",
            "binding:profile");

    private final Access access;
    private final Ports ports;
    private final Networks networks;
    private final SecurityGroups groups;

    @Inject
    public PortRequests(Access access, Ports ports, Networks networks, SecurityGroups groups) {
        this.access = access;
        this.ports = ports;
        this.networks = networks;
        this.groups = groups;
    }

    @Override
    public PortRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(PortRow.class, id)
                .filter(row -> access.allows("get_port", caller, row.projectId)
                        || tx.find(NetworkRow.class, row.networkId)
                                .filter(network -> access.allows("get_network", caller, network.projectId))
                                .isPresent())
                .orElseThrow(() -> Ports.notFound(id));
    }

    @Override
    public PortRow create(Transaction tx, Caller caller, Fields body) {
        Set<String> known = new HashSet<>(SETTABLE);
        known.addAll(Set.of("project_id", "tenant_id", "network_id"));
        Attributes.only(body, known);
        NetworkRow network = networks.visible(tx, caller, body.uuid("network_id"));
        String project = access.owner(caller, body);
        access.require("create_port", caller, project);
        allow(tx, caller, network, project, "create_port", body, new PortDraft(project, network.id).row);
        // On an external network that is not the caller's, only the administrator plugs in.
        if (network.external && !network.shared && !access.allows("get_network", caller, network.projectId)) {
            throw Fault.forbidden("Policy doesn't allow create_port to be performed.");
        }
        PortDraft draft = new PortDraft(project, network.id);
        draft.row.portSecurityEnabled = network.portSecurityEnabled;
        change(tx, caller, draft.row, body);
        body.optionalText("mac_address", 1, 32).ifPresent(text -> draft.mac(mac(text)));
        if (body.has("fixed_ips") && !body.isNull("fixed_ips")) {
            draft.addresses(AddressWish.read(body, "fixed_ips"));
        }
        wantedGroups(tx, caller, draft.row, body).ifPresent(draft::groups);
        if (draft.row.deviceOwner.startsWith("network:") && draft.groups.isEmpty()) {
            draft.groups(List.of());
        }
        draft.row.host = body.optionalText("binding:host_id", 0, 255).orElse("");
        return ports.create(tx, draft);
    }

    PortRow update(Transaction tx, Caller caller, String id, Fields body) {
        visible(tx, caller, id);
        PortRow row = tx.lock(PortRow.class, id).orElseThrow(() -> Ports.notFound(id));
        Attributes.only(body, SETTABLE);
        NetworkRow network = tx.find(NetworkRow.class, row.networkId).orElseThrow();
        access.requireOnNetwork("update_port", caller, row.projectId, network.projectId);
        allow(tx, caller, network, row.projectId, "update_port", body, row);
        change(tx, caller, row, body);
        body.optionalText("mac_address", 1, 32).map(PortRequests::mac).ifPresent(mac -> {
            if (!mac.equals(row.macAddress) && !row.host.isEmpty()) {
                throw Fault.conflict(
                        "PortBound",
                        "Unable to complete operation on port " + id
                                + ", port is already bound, port type: ovs, old_mac " + row.macAddress + ", new_mac "
                                + mac + ".");
            }
            ports.setMac(tx, row, mac);
        });
        wantedGroups(tx, caller, row, body).ifPresent(wanted -> ports.setGroups(tx, row, wanted));
        if (body.has("fixed_ips")) {
            ports.setAddresses(tx, row, AddressWish.read(body, "fixed_ips"));
        }
        Optional<String> host = body.optionalText("binding:host_id", 0, 255)
                .or(() -> body.isNull("binding:host_id") ? Optional.of("") : Optional.empty())
                .filter(wanted -> !wanted.equals(row.host));
        if (host.isPresent()) {
            ports.bind(tx, row, host.get());
        } else {
            ports.save(tx, row);
        }
        return row;
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        visible(tx, caller, id);
        PortRow row = tx.lock(PortRow.class, id).orElseThrow(() -> Ports.notFound(id));
        NetworkRow network = tx.find(NetworkRow.class, row.networkId).orElseThrow();
        if (!access.allows("delete_port", caller, network.projectId)) {
            access.require("delete_port", caller, row.projectId);
        }
        boolean owned = Set.of(Ports.ROUTER_INTERFACE, Ports.ROUTER_GATEWAY, Ports.FLOATING_IP)
                .contains(row.deviceOwner);
        if (owned) {
            throw Fault.conflict(
                    "ServicePortInUse",
                    "Port " + id + " cannot be deleted directly via the port API: has device owner " + row.deviceOwner
                            + ".");
        }
        ports.delete(tx, row);
    }

    private void allow(
            Transaction tx,
            Caller caller,
            NetworkRow network,
            String project,
            String action,
            Fields body,
            PortRow row) {
        BiConsumer<String, Boolean> check = (rule, asked) -> {
            if (asked) {
                access.requireOnNetwork(action + ":" + rule, caller, project, network.projectId);
            }
        };
        check.accept("mac_address", given(body, "mac_address"));
        check.accept("port_security_enabled", given(body, "port_security_enabled"));
        check.accept(
                "allowed_address_pairs",
                given(body, "allowed_address_pairs")
                        && !body.json().get("allowed_address_pairs").isEmpty());
        check.accept("binding:host_id", given(body, "binding:host_id"));
        check.accept(
                "binding:profile",
                given(body, "binding:profile")
                        && !body.json().get("binding:profile").isEmpty());
        check.accept(
                "device_owner",
                body.optionalText("device_owner", 0, 255)
                        .filter(owner -> owner.startsWith("network:") && !owner.equals(row.deviceOwner))
                        .isPresent());
        check.accept(
                "fixed_ips:ip_address",
                body.objects("fixed_ips").stream().anyMatch(ip -> ip.has("ip_address"))
                        && !network.projectId.equals(caller.project()));
    }

    private static boolean given(Fields body, String attribute) {
        return body.has(attribute) && !body.isNull(attribute);
    }

    private void change(Transaction tx, Caller caller, PortRow row, Fields body) {
        body.optionalText("name", 0, 255).ifPresent(value -> row.name = value);
        body.optionalText("description", 0, 255).ifPresent(value -> row.description = value);
        body.optionalFlag("admin_state_up").ifPresent(value -> row.adminStateUp = value);
        body.optionalText("device_id", 0, 255).ifPresent(value -> row.deviceId = value);
        body.optionalText("device_owner", 0, 255).ifPresent(value -> row.deviceOwner = value);
        body.optionalOneOf("binding:vnic_type", "normal").ifPresent(value -> row.vnicType = value);
        body.optionalObject("binding:profile")
                .ifPresent(profile -> row.profile = profile.json().toString());
        body.optionalFlag("port_security_enabled").ifPresent(value -> row.portSecurityEnabled = value);
        if (body.has("allowed_address_pairs")) {
            row.allowedAddressPairs = pairs(row, body);
        }
        if (!row.portSecurityEnabled && !row.allowedAddressPairs.isEmpty()) {
            throw Fault.conflict(
                    "AddressPairAndPortSecurityRequired",
                    "Port Security must be enabled in order to have allowed address pairs on a port.");
        }
    }

    private static List<String> pairs(PortRow row, Fields body) {
        List<String> pairs = new ArrayList<>();
        for (Fields pair : body.objects("allowed_address_pairs")) {
            String mac = pair.optionalText("mac_address", 1, 32)
                    .map(PortRequests::mac)
                    .orElse(row.macAddress);
            String ip = pair.text("ip_address", 1, 64);
            if (ip.contains("/")) {
                Attributes.cidr("ip_address", ip);
            } else {
                Attributes.address("ip_address", ip);
            }
            String text = mac + "," + ip;
            if (pairs.contains(text)) {
                throw Fault.badRequest(
                        "DuplicateAddressPairInRequest",
                        "Request contains duplicate address pair: mac_address " + mac + " ip_address " + ip + ".");
            }
            pairs.add(text);
        }
        return pairs;
    }

    private Optional<List<String>> wantedGroups(Transaction tx, Caller caller, PortRow row, Fields body) {
        if (!body.has("security_groups")) {
            return row.portSecurityEnabled ? Optional.empty() : Optional.of(List.of());
        }
        List<String> wanted = body.texts("security_groups", 1, 36);
        if (!row.portSecurityEnabled && !wanted.isEmpty()) {
            throw Fault.badRequest(
                    "PortSecurityAndIPRequiredForSecurityGroups",
                    "Port security must be enabled and port must have an IP address in order to use security groups.");
        }
        wanted.forEach(id -> groups.visible(tx, caller, id));
        return Optional.of(wanted);
    }

    private static String mac(String text) {
        return MacAddress.parse(text)
                .orElseThrow(() -> Fault.badRequest(
                        "Invalid input for mac_address. Reason: '" + text + "' is not a valid MAC address."));
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<PortRow> rows) {
        List<String> ids = rows.stream().map(row -> row.id).toList();
        Map<String, List<FixedIpRow>> addresses = new HashMap<>();
        ports.addressesOf(tx, ids)
                .forEach(ip -> addresses
                        .computeIfAbsent(ip.portId, key -> new ArrayList<>())
                        .add(ip));
        Map<String, List<PortGroupRow>> members = new HashMap<>();
        ports.groupsOf(tx, ids)
                .forEach(member -> members.computeIfAbsent(member.portId, key -> new ArrayList<>())
                        .add(member));
        boolean binding = access.allows("get_port:binding:host_id", caller, "");
        return rows.stream()
                .map(row -> PortView.of(
                        row,
                        addresses.getOrDefault(row.id, List.of()),
                        members.getOrDefault(row.id, List.of()),
                        binding))
                .toList();
    }

    @Override
    public String visibleInLists() {
        return VISIBLE;
    }
}
