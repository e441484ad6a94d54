package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.CellUse;
import io.nephos.scheduler.core.Cells;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.core.Topology.Node;
import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Part;
import io.nephos.scheduler.optimiser.Problem.Pocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** NUMA nodes and cells in the words of a problem: parts and pockets, in CPUs that float, CPUs that are pinned, and MiB. */
final class Seats {
    private Seats() {}

    private record Seat(int owner, boolean pinned, Node node) {}

    /** Server by server, node by node. */
    private static List<Seat> seats(Unit unit) {
        List<Seat> seats = new ArrayList<>();
        for (int s = 0; s < unit.servers().size(); s++) {
            Optional<Topology> topology = unit.servers().get(s).topology();
            if (topology.isPresent()) {
                for (Node node : topology.get().nodes()) {
                    seats.add(new Seat(s, topology.get().pinned(), node));
                }
            }
        }
        return seats;
    }

    static List<Part> parts(Unit unit) {
        return seats(unit).stream()
                .map(seat -> new Part(seat.owner(), new long[] {
                    seat.pinned() ? 0 : seat.node().cpus(),
                    seat.pinned() ? seat.node().cpus() : 0,
                    seat.node().memoryMib()
                }))
                .toList();
    }

    /** The pockets of its parts at home; none when it does not hold one for each there. */
    static int[] held(Unit unit, Cells home) {
        int[] held = unit.cells().stream()
                .mapToInt(share -> indexOf(home, share.cell()))
                .filter(index -> index >= 0)
                .toArray();
        return held.length == seats(unit).size() ? held : new int[0];
    }

    private static int indexOf(Cells cells, int number) {
        for (int c = 0; c < cells.all().size(); c++) {
            if (cells.all().get(c).number() == number) {
                return c;
            }
        }
        return -1;
    }

    /** With room for what moves there, and for what is there and may move. */
    static List<Pocket> pockets(Cells cells, List<CellShare> moving) {
        Cells without = cells.giving(moving);
        return cells.all().stream()
                .map(cell -> {
                    long[] now = taken(cells.use(cell));
                    long[] base = taken(without.use(cell));
                    long[] most = {cells.floating(cell), cell.pinnable().size(), cells.memoryMib(cell)};
                    long[] room = new long[most.length];
                    for (int d = 0; d < room.length; d++) {
                        // What is over its cell already may stay, and nothing comes to it.
                        room[d] = Math.max(most[d], now[d]) - base[d];
                    }
                    return new Pocket(room, new long[] {cell.cpus(), Integer.MAX_VALUE, cell.memoryMib()});
                })
                .toList();
    }

    private static long[] taken(CellUse use) {
        return new long[] {use.cpus(), use.pinned().size(), use.memoryMib()};
    }

    /** What a unit holds of cells that lies in these pockets; nothing when it is back where it holds nothing. */
    static List<CellShare> taken(Unit unit, int[] pockets, Cells there) {
        List<Seat> seats = seats(unit);
        List<CellShare> shares = new ArrayList<>();
        Cells left = there;
        for (int s = 0; s < pockets.length; s++) {
            Facts.Cell cell = there.all().get(pockets[s]);
            CellShare share = left.share(cell, seats.get(s).node(), seats.get(s).pinned());
            shares.add(share);
            left = left.taking(List.of(share));
        }
        return shares;
    }
}
