package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Goes through migrations, one after the other, in a world where nothing else moves. */
final class Rehearsal {
    private Rehearsal() {}

    static boolean possible(World world, List<Migration> migrations) {
        return hindrance(world, migrations).isEmpty();
    }

    /** What is in the way; empty when each server is where it is to leave, and finds room where it is to go. */
    static Optional<String> hindrance(World world, List<Migration> migrations) {
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
            if (from == null || to == null) {
                return Optional.of("host " + (from == null ? migration.fromName() : migration.toName())
                        + " is not there any more");
            }
            if (unit == null) {
                return Optional.of("server " + migration.server() + " is not there any more, or cannot be moved now");
            }
            // The rest of a unit went along with its first server.
            boolean along = gone.contains(migration.server()) && layout.at[unit.index()] == to;
            if (!along) {
                if (layout.at[unit.index()] != from) {
                    return Optional.of(
                            "server " + migration.server() + " is not on host " + migration.fromName() + " any more");
                }
                if (!layout.fits(unit, to)) {
                    return Optional.of(
                            "host " + migration.toName() + " cannot take server " + migration.server() + " any more");
                }
                layout.move(unit, to);
                unit.servers().forEach(server -> gone.add(server.id()));
            }
        }
        return Optional.empty();
    }
}
