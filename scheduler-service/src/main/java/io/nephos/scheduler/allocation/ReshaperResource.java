package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.scheduler.inventory.InventoryRequests;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Ids;
import io.nephos.scheduler.placement.Schema;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.TreeMap;

/** Placement API reference, "Reshaper": inventories and the allocations of them change together. */
@Path("/reshaper")
@RunOnVirtualThread
@Produces(MediaType.WILDCARD)
public class ReshaperResource {
    private static final Schema SHAPES =
            Schema.object().keys(Schema.UUID_KEY, InventoryRequests.ALL).atLeast(1);

    private final AllocationWriter writer;
    private final Gate gate;

    public ReshaperResource(AllocationWriter writer, Gate gate) {
        this.writer = writer;
        this.gate = gate;
    }

    @POST
    public void reshape(byte[] body) {
        gate.passJson(30, "reshaper:reshape");
        JsonNode wanted = gate.read(
                body,
                Schema.object()
                        .with("inventories", SHAPES)
                        .with("allocations", AllocationSchema.ofPost(gate).atLeast(0)));
        TreeMap<String, AllocationWriter.Shape> shapes = new TreeMap<>();
        wanted.get("inventories")
                .properties()
                .forEach(entry -> shapes.put(
                        Ids.canonical(entry.getKey()),
                        new AllocationWriter.Shape(
                                entry.getValue()
                                        .get("resource_provider_generation")
                                        .longValue(),
                                InventoryRequests.readAll(
                                        entry.getValue().get("inventories"),
                                        "resource provider " + entry.getKey(),
                                        gate))));
        writer.write(AllocationRequest.ofConsumers(wanted.get("allocations"), gate), shapes);
    }
}
