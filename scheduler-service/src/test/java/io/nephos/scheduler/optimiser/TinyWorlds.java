package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small worlds of which one sees what is best. */
final class TinyWorlds {
    private TinyWorlds() {}

    /** Two full hosts, and a third that is empty. */
    static World full(boolean third) {
        List<Server> servers = List.of(server("big", "a", 6), server("small", "b", 4), server("tiny", "b", 2));
        return new World(third ? List.of(host("a"), host("b"), host("c")) : List.of(host("a"), host("b")), servers);
    }

    static World threeOnOne() {
        return new World(
                List.of(host("a"), host("b"), host("c")),
                List.of(server("x", "a", 2), server("y", "a", 2), server("z", "a", 2)));
    }

    static World oneOnEach() {
        return new World(
                List.of(host("a"), host("b"), host("c")),
                List.of(server("x", "a", 2), server("y", "b", 2), server("z", "c", 2)));
    }

    private static Host host(String id) {
        return new Host(
                id,
                id,
                "nova",
                true,
                true,
                1,
                Map.of("VCPU", new Inventory(6, 0, 1, 6, 1, 1)),
                Map.of(),
                Set.of(),
                Set.of());
    }

    private static Server server(String id, String host, long size) {
        return new Server(id, host, Map.of("VCPU", size), Optional.empty(), Optional.empty());
    }
}
