package io.nephos.scheduler.optimiser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {
    /** The big one of the first host and the two of the second change places; both hosts are full. */
    private static int[] swapped(Layout layout) {
        return layout.units.stream().mapToInt(unit -> unit.home() == 0 ? 1 : 0).toArray();
    }

    @Test
    void twoFullHostsSwapOverAThird() {
        Layout layout = Layout.of(TinyWorlds.full(true));
        int[] wanted = swapped(layout);
        Order.Way way = Order.best(() -> layout, wanted, 10, -1);
        List<Order.Move> moves = way.moves();
        assertArrayEquals(wanted, layout.at);
        assertTrue(way.complete());
        assertEquals(4, moves.size());
        assertEquals(2, moves.getFirst().to(), "the third host");
    }

    @Test
    void withoutAThirdNothingMoves() {
        Layout layout = Layout.of(TinyWorlds.full(false));
        assertEquals(
                List.of(), Order.best(() -> layout, swapped(layout), 10, -1).moves());
    }

    @Test
    void nobodyStepsAsideWhenTheBudgetIsTooSmallToComeBack() {
        Layout layout = Layout.of(TinyWorlds.full(true));
        assertEquals(List.of(), Order.best(() -> layout, swapped(layout), 1, -1).moves());
    }
}
