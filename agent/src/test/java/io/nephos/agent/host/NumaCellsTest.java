package io.nephos.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nephos.contracts.scheduler.v1.NumaCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumaCellsTest {
    @TempDir
    Path sys;

    @Test
    void cellsAreReadWithTheirCpusAndMemory() throws IOException {
        node(1, "2-3,6", 2_097_152, 512);
        node(0, "0-1", 1_048_576, 0);
        Files.writeString(sys.resolve("online"), "0-1");
        List<NumaCells.Cell> cells = NumaCells.read(sys);
        assertEquals(new NumaCells.Cell(0, new TreeSet<>(Set.of(0, 1)), 1024, 0), cells.getFirst());
        assertEquals(new NumaCells.Cell(1, new TreeSet<>(Set.of(2, 3, 6)), 2048, 1024), cells.getLast());
        assertEquals(List.of(), NumaCells.read(sys.resolve("none")));
    }

    @Test
    void theSchedulerIsToldWhatServersCanHave() throws IOException {
        node(1, "2-3,6", 2_097_152, 512);
        NumaCell told = HostInventory.numaCell(NumaCells.read(sys).getFirst(), new TreeSet<>(Set.of(0, 3)), 100);
        assertEquals(1, told.getNumber());
        assertEquals(2, told.getCpus());
        assertEquals(List.of(3), told.getPinnableCpuIdsList());
        assertEquals(924, told.getMemoryMib(), "without huge pages and what is reserved");
    }

    @Test
    void whatIsNoListOfCpusIsRefused() {
        assertEquals(Set.of(), NumaCells.cpus(""));
        assertThrows(IllegalArgumentException.class, () -> NumaCells.cpus("a-b"));
    }

    private void node(int number, String cpus, long memoryKib, int hugePages) throws IOException {
        Path node = Files.createDirectories(sys.resolve("node" + number));
        Files.writeString(node.resolve("cpulist"), cpus + "\n");
        Files.writeString(node.resolve("meminfo"), "Node " + number + " MemTotal:   " + memoryKib + " kB\n");
        Path huge = Files.createDirectories(node.resolve("hugepages/hugepages-2048kB"));
        Files.writeString(huge.resolve("nr_hugepages"), hugePages + "\n");
    }
}
