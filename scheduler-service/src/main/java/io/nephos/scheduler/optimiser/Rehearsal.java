package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through migrations, one after the other, in a world where nothing else moves. */
final class Rehearsal {
    private Rehearsal() {}

    /** Each server is where it is to leave, and finds room and no hindrance where it is to go. */
    static boolean possible(World world, List<Migration> migrations) {
        Layout layout = Layout.of(world);
        Map<String, Unit> units = new HashMap<>();
        layout.units.forEach(unit -> unit.servers().forEach(server -> units.put(server.id(), unit)));
        Map<String, Integer> hosts = new HashMap<>();
        for (int h = 0; h < layout.hosts.size(); h++) {
            hosts.put(layout.hosts.get(h).id(), h);
        }
        Set<String> gone = new HashSet<>();
        for (Migration migration : migrations) {
            Unit unit = units.get(migration.server());
            Integer from = hosts.get(migration.from());
            Integer to = hosts.get(migration.to());
            if (unit == null || from == null || to == null) {
                return false;
            }
            // The rest of a unit went along with its first server.
            boolean along = gone.contains(migration.server()) && layout.at[unit.index()] == to;
            if (!along) {
                if (layout.at[unit.index()] != from || !layout.fits(unit, to)) {
                    return false;
                }
                layout.move(unit, to);
                unit.servers().forEach(server -> gone.add(server.id()));
            }
        }
        return true;
    }
}
