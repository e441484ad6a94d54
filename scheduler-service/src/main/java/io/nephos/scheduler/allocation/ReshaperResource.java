package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.inventory.InventoryRequests;
import io.nephos.scheduler.placement.Gate;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.TreeMap;

/** Placement API reference, "Reshaper": inventories and the allocations of them change together. */
@Path("/reshaper")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ReshaperResource {
    private final AllocationWriter writer;
    private final Gate gate;

    public ReshaperResource(AllocationWriter writer, Gate gate) {
        this.writer = writer;
        this.gate = gate;
    }

    @POST
    public void reshape(JsonNode body) {
        gate.pass(30, "reshaper:reshape");
        Fields fields = Fields.ofBody(body).only("inventories", "allocations");
        Fields given = fields.object("inventories");
        Fields consumers = fields.object("allocations");
        TreeMap<String, AllocationWriter.Shape> shapes = new TreeMap<>();
        given.json().fieldNames().forEachRemaining(provider -> {
            Fields one = given.object(provider).only("resource_provider_generation", "inventories");
            shapes.put(
                    provider,
                    new AllocationWriter.Shape(
                            one.optionalLong("resource_provider_generation", 0, Long.MAX_VALUE)
                                    .orElseThrow(() -> one.required("resource_provider_generation")),
                            InventoryRequests.readAll(one.object("inventories"), gate)));
        });
        writer.write(AllocationRequest.ofConsumers(consumers, gate), shapes);
    }
}
