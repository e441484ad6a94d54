package io.nephos.compute.securitygroup;

import io.nephos.compute.peer.Network;
import io.nephos.compute.server.Addresses;
import io.nephos.compute.server.Server;
import io.nephos.compute.server.ServerAccess;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsResponse;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Adds and removes security groups on all ports of a server; network-service holds which port has which. */
@ApplicationScoped
public class ServerGroups {
    private final RequestContext request;
    private final ServerAccess access;
    private final Network network;

    @Inject
    public ServerGroups(RequestContext request, ServerAccess access, Network network) {
        this.request = request;
        this.access = access;
        this.network = network;
    }

    public void add(String serverId, String nameOrId) {
        Server server = access.server(serverId, "os-security-groups:add");
        server.requireBuilt("addSecurityGroup");
        Set<String> groups = new LinkedHashSet<>(Addresses.groupIds(server.ports()));
        groups.addAll(resolve(nameOrId).getIdsList());
        apply(serverId, groups);
    }

    public void remove(String serverId, String nameOrId) {
        Server server = access.server(serverId, "os-security-groups:remove");
        server.requireBuilt("removeSecurityGroup");
        Set<String> groups = new LinkedHashSet<>(Addresses.groupIds(server.ports()));
        if (!groups.removeAll(resolve(nameOrId).getIdsList())) {
            throw Fault.notFound("Security group " + nameOrId + " is not associated with the instance " + serverId);
        }
        if (groups.isEmpty()) {
            throw Fault.notImplemented("The last security group of a server cannot be removed here yet.");
        }
        apply(serverId, groups);
    }

    private ResolveSecurityGroupsResponse resolve(String nameOrId) {
        return network.resolveGroups(request.caller(), List.of(nameOrId), "");
    }

    private void apply(String serverId, Set<String> groups) {
        network.resolveGroups(request.caller(), new ArrayList<>(groups), serverId);
        access.refreshPorts(serverId);
    }
}
