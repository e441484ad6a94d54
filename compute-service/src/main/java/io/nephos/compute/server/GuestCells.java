package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.nephos.compute.api.Json;
import io.nephos.contracts.agent.v1.GuestCell;
import io.nephos.contracts.scheduler.v1.CellShare;
import java.util.ArrayList;
import java.util.List;

/** A server's shares of its host's NUMA cells: as the scheduler gives them, as the row keeps them, as the agent is told. Pure. */
final class GuestCells {
    private GuestCells() {}

    static String text(List<CellShare> shares) {
        ArrayNode all = Json.NODES.arrayNode();
        shares.forEach(share -> {
            var cell = all.addObject()
                    .put("cell", share.getCell())
                    .put("cpus", share.getCpus())
                    .put("memory_mib", share.getMemoryMib());
            ArrayNode pinned = cell.putArray("pinned");
            share.getPinnedCpusList().forEach(pinned::add);
        });
        return all.toString();
    }

    static List<GuestCell> of(String text) {
        List<GuestCell> cells = new ArrayList<>();
        for (JsonNode cell : Json.tree(text)) {
            GuestCell.Builder guest = GuestCell.newBuilder()
                    .setHostCell(cell.path("cell").asInt())
                    .setCpus(cell.path("cpus").asInt())
                    .setMemoryMib(cell.path("memory_mib").asLong());
            cell.path("pinned").forEach(cpu -> guest.addPinnedCpus(cpu.asInt()));
            cells.add(guest.build());
        }
        return cells;
    }
}
