package io.nephos.benchmark.scheduler;

import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** The same hosts and requests in every measurement, by a seed: three sizes of hosts, three traits, three zones. */
final class Fleet {
    static final List<String> TRAITS = List.of("CUSTOM_SSD", "HW_CPU_X86_AVX2", "CUSTOM_FAST_NET");
    private static final long SEED = 7;

    private Fleet() {}

    static List<Host> hosts(int count) {
        Random random = new Random(SEED);
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long cpus = 32L << random.nextInt(3);
            Set<String> traits = new HashSet<>();
            TRAITS.stream().filter(trait -> random.nextInt(3) == 0).forEach(traits::add);
            hosts.add(new Host(
                    new UUID(random.nextLong(), random.nextLong()).toString(),
                    "host-" + i,
                    0,
                    Facts.in("az-" + i % 3),
                    true,
                    true,
                    Map.of(
                            "VCPU", new Inventory(cpus, 0, 1, cpus, 1, 4),
                            "MEMORY_MB", new Inventory(cpus * 4096, 512, 1, cpus * 4096, 1, 1),
                            "DISK_GB", new Inventory(4000, 10, 1, 4000, 1, 1)),
                    Map.of(),
                    0,
                    0,
                    Set.copyOf(traits),
                    List.of()));
        }
        return hosts;
    }

    /** What requests ask for beside room. */
    enum Kind {
        PLAIN,
        TRAITS,
        ANTI_AFFINITY,
        SOFT_AFFINITY,
        /** More memory than any host has. */
        TOO_LARGE
    }

    /** Small servers: 1 to 4 CPUs with 2 GiB each. */
    static Request request(Kind kind, Random random) {
        long size = 1L << random.nextInt(3);
        Request request = Request.of(
                new UUID(random.nextLong(), random.nextLong()).toString(),
                Map.of("VCPU", size, "MEMORY_MB", size * 2048, "DISK_GB", size * 10));
        return switch (kind) {
            case PLAIN -> request;
            case TOO_LARGE -> Request.of(request.consumerId(), Map.of("VCPU", size, "MEMORY_MB", 1L << 40));
            case TRAITS ->
                request.withTraits(Set.of(TRAITS.getFirst(), TRAITS.get(1)), Set.of(TRAITS.getLast()))
                        .inZone(Optional.of("az-" + random.nextInt(3)));
            case ANTI_AFFINITY -> request.inGroup(group(ServerGroup.Policy.ANTI_AFFINITY, random));
            case SOFT_AFFINITY -> request.inGroup(group(ServerGroup.Policy.SOFT_AFFINITY, random));
        };
    }

    private static Optional<ServerGroup> group(ServerGroup.Policy policy, Random random) {
        Map<String, Integer> members = new java.util.HashMap<>();
        for (int i = 0; i < 8; i++) {
            members.merge("host-" + random.nextInt(100), 1, Integer::sum);
        }
        return Optional.of(new ServerGroup("g", policy, members, 1));
    }
}
