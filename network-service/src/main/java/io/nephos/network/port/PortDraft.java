package io.nephos.network.port;

import io.nephos.network.api.Stamp;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A port that is to be made. */
public final class PortDraft {
    final PortRow row = new PortRow();
    Optional<List<AddressWish>> addresses = Optional.empty();
    Optional<List<String>> groups = Optional.empty();

    public PortDraft(String projectId, String networkId) {
        row.id = UUID.randomUUID().toString();
        row.projectId = projectId;
        row.networkId = networkId;
        row.name = "";
        row.description = "";
        row.macAddress = "";
        row.adminStateUp = true;
        row.status = Ports.DOWN;
        row.deviceId = "";
        row.deviceOwner = "";
        row.host = "";
        row.vnicType = "normal";
        row.profile = "{}";
        row.portSecurityEnabled = true;
        row.allowedAddressPairs = List.of();
        row.dnsName = "";
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
    }

    public PortDraft id(String id) {
        row.id = id;
        return this;
    }

    public PortDraft device(String owner, String id) {
        row.deviceOwner = owner;
        row.deviceId = id;
        return this;
    }

    public PortDraft mac(String mac) {
        row.macAddress = mac;
        return this;
    }

    /** Without it the port gets an address of each family that the network has. */
    public PortDraft addresses(List<AddressWish> wishes) {
        addresses = Optional.of(wishes);
        return this;
    }

    /** Without it the port gets the project's default group. */
    public PortDraft groups(List<String> ids) {
        groups = Optional.of(ids);
        return this;
    }

    /** Of the network itself: no security groups, no address check. */
    public PortDraft trusted() {
        row.portSecurityEnabled = false;
        groups = Optional.of(List.of());
        return this;
    }

    public PortDraft dnsName(String name) {
        row.dnsName = name;
        return this;
    }

    public PortDraft madeByCompute() {
        row.madeByCompute = true;
        return this;
    }
}
