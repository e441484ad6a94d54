package io.nephos.compute.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** API reference, "Servers IPs". */
@Path("/v2.1/servers/{id}/ips")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AddressResource {
    private final ServerAccess access;

    @Inject
    public AddressResource(ServerAccess access) {
        this.access = access;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        return Json.NODES.objectNode().set("addresses", Addresses.view(access.get(id, "ips:index").addresses, false));
    }

    @GET
    @Path("{network}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("network") String network) {
        ObjectNode all = Addresses.view(access.get(id, "ips:show").addresses, false);
        if (!all.has(network)) {
            throw Fault.notFound("Instance is not a member of specified network");
        }
        return Json.NODES.objectNode().set(network, all.get(network));
    }
}
