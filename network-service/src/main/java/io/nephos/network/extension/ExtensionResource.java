package io.nephos.network.extension;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Networking API v2.0, extensions: what of Neutron's optional API is true here. */
@Path("/v2.0/extensions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ExtensionResource {
    private record Extension(String alias, String name, String description) {}

    private static final List<Extension> EXTENSIONS = List.of(
            new Extension("agent", "agent", "The agents of the hosts."),
            new Extension("allowed-address-pairs", "Allowed Address Pairs", "Further addresses a port may use."),
            new Extension("binding", "Port Binding", "Where a port is plugged in."),
            new Extension("ext-gw-mode", "Neutron L3 Configurable external gateway mode", "Source NAT on or off."),
            new Extension("external-net", "Neutron external network", "Networks that lead outside."),
            new Extension("extraroute", "Neutron Extra Route", "Further routes of routers."),
            new Extension("fip-port-details", "Floating IP Port Details Extension", "The port behind a floating IP."),
            new Extension("ip-substring-filtering", "IP address substring filtering", "Ports by part of an address."),
            new Extension("net-mtu", "Network MTU", "The MTU of networks."),
            new Extension("net-mtu-writable", "Network MTU (writable)", "The MTU of networks can be set."),
            new Extension("pagination", "Pagination support", "Lists in pages."),
            new Extension("port-security", "Port Security", "Address checks of ports can be turned off."),
            new Extension("project-id", "project_id field enabled", "project_id beside tenant_id."),
            new Extension("provider", "Provider Network", "How a network is made."),
            new Extension("quota_details", "Quota details management support", "Limits with what is used."),
            new Extension("quotas", "Quota management support", "Limits of projects."),
            new Extension("router", "Neutron L3 Router", "Routers and floating IPs."),
            new Extension("security-group", "security-group", "What may reach a port."),
            new Extension("sorting", "Sorting support", "Lists in order."),
            new Extension("standard-attr-description", "standard-attr-description", "Descriptions."),
            new Extension("standard-attr-revisions", "Resource revision numbers", "A number that grows with changes."),
            new Extension("standard-attr-timestamp", "Resource timestamps", "When made and when changed."),
            new Extension("stateful-security-group", "Stateful security group", "Groups without connection tracking."),
            new Extension("subnet-service-types", "Subnet service types", "Subnets for ports of certain owners."),
            new Extension("subnet_allocation", "Subnet Allocation", "Subnets from pools."),
            new Extension("default-subnetpools", "Default Subnetpools", "A pool when none is named."));

    @GET
    public ObjectNode list() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var items = answer.putArray("extensions");
        EXTENSIONS.forEach(extension -> items.add(view(extension)));
        return answer;
    }

    @GET
    @Path("/{alias}")
    public ObjectNode show(@PathParam("alias") String alias) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set(
                "extension",
                EXTENSIONS.stream()
                        .filter(extension -> extension.alias().equals(alias))
                        .findFirst()
                        .map(ExtensionResource::view)
                        .orElseThrow(() -> Fault.notFound(
                                "ExtensionNotFound", "Extension with alias " + alias + " does not exist")));
        return answer;
    }

    private static ObjectNode view(Extension extension) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("alias", extension.alias());
        view.put("name", extension.name());
        view.put("description", extension.description());
        view.put("updated", "2026-01-01T00:00:00-00:00");
        view.putArray("links");
        return view;
    }
}
