package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.contracts.agent.v1.GuestCell;
import io.nephos.contracts.scheduler.v1.CellShare;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestCellsTest {
    @Test
    void whatTheSchedulerGivesIsWhatTheAgentIsTold() {
        String kept = GuestCells.text(List.of(CellShare.newBuilder()
                .setCell(1)
                .setCpus(2)
                .setMemoryMib(512)
                .addPinnedCpus(4)
                .addPinnedCpus(6)
                .build()));
        assertEquals(
                List.of(GuestCell.newBuilder()
                        .setHostCell(1)
                        .setCpus(2)
                        .setMemoryMib(512)
                        .addPinnedCpus(4)
                        .addPinnedCpus(6)
                        .build()),
                GuestCells.of(kept));
        assertEquals(List.of(), GuestCells.of("[]"));
    }
}
