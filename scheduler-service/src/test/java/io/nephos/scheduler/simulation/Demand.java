package io.nephos.scheduler.simulation;

import io.nephos.scheduler.core.Aggregate;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/** Hosts and what is asked of them, by chance. */
final class Demand {
    private static final List<String> TRAITS = List.of("CUSTOM_SSD", "HW_CPU_X86_AVX2", "CUSTOM_FAST_NET");
    private static final List<Aggregate> AGGREGATES = List.of(
            new Aggregate("a-fast", "fast", Map.of("disk", "nvme,ssd")),
            new Aggregate("a-slow", "slow", Map.of("disk", "hdd")),
            new Aggregate("a-odd", "odd", Map.of("cpu_weight_multiplier", "2.0")));
    private static final ServerGroup.Policy[] POLICIES = ServerGroup.Policy.values();
    private final Random random;
    private final int groups;
    private int asked;

    Demand(Random random, int groups) {
        this.random = random;
        this.groups = groups;
    }

    Host host(int number) {
        long cpus = 16L << random.nextInt(3);
        Map<String, Inventory> inventories = new HashMap<>(Map.of(
                "VCPU", new Inventory(cpus, 0, 1, cpus, 1, 4),
                "MEMORY_MB", new Inventory(cpus * 4096, 512, 1, cpus * 4096, 1, 1),
                "DISK_GB", new Inventory(1000, 10, 1, 1000, 1, 1),
                "PCPU", new Inventory(cpus / 2, 0, 1, cpus / 2, 1, 1)));
        if (random.nextInt(20) == 0) {
            inventories.put("CUSTOM_PCI_GPU", new Inventory(4, 0, 1, 2, 1, 1));
        }
        return new Host(
                "id-" + number,
                "host-" + number,
                0,
                facts(number, (int) cpus),
                true,
                random.nextInt(50) > 0,
                Map.copyOf(inventories),
                Map.of(),
                0,
                0,
                some(TRAITS),
                aggregates());
    }

    List<Aggregate> aggregates() {
        return AGGREGATES.stream().filter(of -> random.nextInt(3) == 0).toList();
    }

    /** Every second host tells of two cells, in each of which a quarter of the CPUs are for one guest CPU each. */
    private Facts facts(int number, int cpus) {
        List<Facts.Cell> cells = new ArrayList<>();
        for (int cell = 0; cell < 2 * (number % 2); cell++) {
            int first = cell * cpus / 2;
            cells.add(new Facts.Cell(
                    cell,
                    cpus / 4,
                    IntStream.range(first, first + cpus / 4).boxed().toList(),
                    cpus * 2000L));
        }
        return new Facts(
                "",
                "az-" + number % 3,
                "",
                "10." + number / 250 % 8 + ".0." + (1 + number % 250),
                random.nextInt(20) == 0 ? "xen" : "QEMU",
                (1 + random.nextInt(3)) * 1_000_000,
                Map.of(
                        "color",
                        random.nextBoolean() ? "red" : "blue",
                        "arch",
                        random.nextInt(9) == 0 ? "aarch64" : "x86_64"),
                cells,
                0);
    }

    private Set<String> some(List<String> all) {
        Set<String> some = new HashSet<>();
        all.stream().filter(one -> random.nextInt(3) == 0).forEach(some::add);
        return Set.copyOf(some);
    }

    /** @param hosts names of some hosts where servers are */
    Request request(List<String> hosts) {
        Request.Spec spec = spec();
        return Request.of(
                        new UUID(random.nextLong(), asked++).toString(),
                        resources(spec.extraSpecs().containsKey("hw:cpu_policy")))
                .with(hints(hosts), spec)
                .withTraits(oneIn(5, TRAITS), oneIn(20, TRAITS))
                .inAggregates(
                        random.nextInt(20) == 0
                                ? List.of(Set.of("a-fast", random.nextBoolean() ? "a-odd" : "a-none"))
                                : List.of())
                .inZone(random.nextInt(6) == 0 ? Optional.of("az-" + random.nextInt(3)) : Optional.empty())
                .onHosts(
                        Set.of(),
                        random.nextInt(100) == 0 ? Optional.of(hosts.getFirst()) : Optional.empty(),
                        Optional.empty())
                .inGroup(random.nextInt(5) == 0 ? Optional.of(group(random.nextInt(groups))) : Optional.empty());
    }

    /** The same with other amounts. */
    Request resized(Request request) {
        return Request.of(request.consumerId(), resources(request.resources().containsKey("PCPU")))
                .with(request.hints(), request.spec())
                .withTraits(request.requiredTraits(), request.forbiddenTraits())
                .inAggregates(request.aggregates())
                .inZone(request.availabilityZone())
                .inGroup(request.serverGroup());
    }

    /** Several of one request, as {@code min_count} asks for them. */
    List<Request> many(List<String> hosts) {
        Request one = request(hosts).onHosts(Set.of(), Optional.empty(), Optional.empty());
        List<Request> many = new ArrayList<>();
        for (int i = 1 + random.nextInt(20); i >= 0; i--) {
            many.add(one.of(new UUID(random.nextLong(), asked++).toString()));
        }
        return many;
    }

    private Map<String, Long> resources(boolean dedicated) {
        long size = 1L << random.nextInt(5);
        Map<String, Long> resources = new HashMap<>(
                Map.of(dedicated ? "PCPU" : "VCPU", size, "MEMORY_MB", size * 2048, "DISK_GB", size * 10));
        if (random.nextInt(100) == 0) {
            resources.put("CUSTOM_PCI_GPU", 1L + random.nextInt(2));
        }
        return resources;
    }

    private Set<String> oneIn(int many, List<String> all) {
        return random.nextInt(many) == 0 ? Set.of(all.get(random.nextInt(all.size()))) : Set.of();
    }

    private Request.Hints hints(List<String> hosts) {
        return switch (random.nextInt(80)) {
            case 0 -> new Request.Hints(Set.copyOf(hosts), Set.of(), Optional.empty(), List.of());
            case 1 -> new Request.Hints(Set.of(), Set.copyOf(hosts), Optional.empty(), List.of());
            case 2 ->
                new Request.Hints(
                        Set.of(),
                        Set.of(),
                        Optional.of(new Request.Network("10." + random.nextInt(8) + ".0.0", 24)),
                        List.of());
            case 3 ->
                new Request.Hints(
                        Set.of(),
                        Set.of(),
                        Optional.empty(),
                        List.of(
                                "or",
                                List.of(">=", "$free_ram_mb", 1024 << random.nextInt(9)),
                                List.of("=", "$host", hosts.getFirst())));
            default -> Request.Hints.NONE;
        };
    }

    private Request.Spec spec() {
        Map<String, String> flavor = new HashMap<>();
        Map<String, String> image = new HashMap<>();
        switch (random.nextInt(24)) {
            case 0 -> flavor.put("hw:numa_nodes", "1");
            case 1 -> flavor.put("hw:numa_nodes", "2");
            case 2, 3 -> flavor.put("hw:cpu_policy", "dedicated");
            case 4 -> flavor.putAll(Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2"));
            case 5 -> flavor.put("capabilities:color", random.nextBoolean() ? "red" : "<or> red <or> blue");
            case 6 -> flavor.put("aggregate_instance_extra_specs:disk", random.nextBoolean() ? "ssd" : "hdd");
            case 7 -> image.put("hw_architecture", random.nextInt(4) == 0 ? "aarch64" : "x86_64");
            case 8 -> image.put("img_hv_type", "kvm");
            case 9 -> image.put("hypervisor_version_requires", ">= 2000000");
            default -> {}
        }
        return new Request.Spec("p", "f", flavor, "", image);
    }

    private static ServerGroup group(int number) {
        return new ServerGroup("g" + number, POLICIES[number % POLICIES.length], Map.of(), 1 + number % 2);
    }
}
