package io.nephos.scheduler.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Hosts and requests, by hand and by chance. */
public final class Worlds {
    static final List<String> CLASSES = List.of("VCPU", "MEMORY_MB", "DISK_GB", "PCPU", "CUSTOM_PCI_GPU");
    static final List<String> TRAITS = List.of("A", "B", "C");
    private static final List<Aggregate> AGGREGATES = List.of(
            new Aggregate("x", "x", Map.of("disk", "ssd,nvme", "ram_weight_multiplier", "-2")),
            new Aggregate("y", "y", Map.of("disk", "hdd")));

    private Worlds() {}

    public static Host host(String name, Map<String, Inventory> inventories, Map<String, Long> used) {
        return new Host(
                "id-" + name, name, 0, Facts.in("nova"), true, true, inventories, used, 0, 0, Set.of(), List.of());
    }

    static Host host(String name, long vcpus, long memory, long memoryUsed) {
        return host(
                name,
                Map.of(
                        "VCPU", new Inventory(vcpus, 0, 1, vcpus, 1, 1),
                        "MEMORY_MB", new Inventory(memory, 0, 1, memory, 1, 1)),
                Map.of("MEMORY_MB", memoryUsed));
    }

    static Host with(Host host, boolean up, Facts facts, List<Aggregate> aggregates) {
        return new Host(
                host.id(),
                host.name(),
                host.generation(),
                facts,
                up,
                host.enabled(),
                host.inventories(),
                host.used(),
                host.servers(),
                host.failedBuilds(),
                host.traits(),
                aggregates);
    }

    static Host failing(Host host, int failedBuilds) {
        return new Host(
                host.id(),
                host.name(),
                host.generation(),
                host.facts(),
                host.up(),
                host.enabled(),
                host.inventories(),
                host.used(),
                host.servers(),
                failedBuilds,
                host.traits(),
                host.aggregates());
    }

    static List<Host> hosts(Random random, int most) {
        List<Host> hosts = new ArrayList<>();
        int count = random.nextInt(most);
        for (int i = 0; i < count; i++) {
            hosts.add(host(random, i));
        }
        return hosts;
    }

    static Host host(Random random, int number) {
        Map<String, Inventory> inventories = new HashMap<>();
        Map<String, Long> used = new HashMap<>();
        for (String name : CLASSES) {
            if (random.nextInt(20) > 0) {
                long total = 1 + random.nextInt(20);
                Inventory inventory = new Inventory(
                        total,
                        random.nextInt((int) total / 2 + 1),
                        1,
                        total,
                        random.nextInt(10) == 0 ? 2 : 1,
                        random.nextInt(1, 5) / 2.0);
                inventories.put(name, inventory);
                used.put(name, (long) random.nextInt((int) inventory.capacity() + 1));
            }
        }
        Facts facts = facts(random, number);
        return new Host(
                "id-" + number,
                "host<" + number + ">",
                random.nextInt(100),
                facts,
                random.nextInt(5) > 0,
                random.nextInt(8) > 0,
                Map.copyOf(inventories),
                Map.copyOf(used),
                random.nextInt(5),
                random.nextInt(10) == 0 ? random.nextInt(3) : 0,
                some(TRAITS, random, 2),
                AGGREGATES.stream().filter(of -> random.nextBoolean()).toList(),
                CellUse.taking(Map.of(), taken(facts, random)));
    }

    private static Facts facts(Random random, int number) {
        Map<String, String> properties = new HashMap<>();
        if (random.nextInt(4) > 0) {
            properties.put("color", random.nextBoolean() ? "red" : "blue");
        }
        if (random.nextInt(4) > 0) {
            properties.put("arch", random.nextInt(4) > 0 ? "x86_64" : "aarch64");
        }
        List<Facts.Cell> cells = new ArrayList<>();
        for (int cell = random.nextInt(4); cell > 0; cell--) {
            int first = cell * 10;
            cells.add(new Facts.Cell(
                    cell,
                    random.nextInt(5),
                    IntStream.range(first, first + random.nextInt(5)).boxed().toList(),
                    random.nextInt(12)));
        }
        return new Facts(
                "",
                random.nextBoolean() ? "nova" : "other",
                random.nextInt(4) == 0 ? "node<" + number + ">" : "",
                "10.0." + random.nextInt(2) + "." + (1 + number % 250),
                random.nextInt(4) > 0 ? "QEMU" : "xen",
                random.nextInt(1, 4) * 1_000_000,
                properties,
                cells,
                random.nextInt(3));
    }

    /** What others hold of the cells: what was not asked for here may be in the way. */
    private static List<CellShare> taken(Facts facts, Random random) {
        List<CellShare> taken = new ArrayList<>();
        for (Facts.Cell cell : facts.cells()) {
            int cpus = random.nextInt(cell.cpus() + 1);
            List<Integer> pinned = cell.pinnable().stream()
                    .filter(cpu -> random.nextInt(3) == 0)
                    .toList();
            long memory = random.nextInt((int) cell.memoryMib() + 1) / 2;
            taken.add(new CellShare(cell.number(), cpus, memory, List.of()));
            taken.add(new CellShare(cell.number(), pinned.size(), memory, pinned));
        }
        return taken;
    }

    static Request request(Random random, List<Host> hosts) {
        Request.Spec spec = random.nextBoolean() ? Request.Spec.NONE : spec(random);
        boolean dedicated = spec.extraSpecs().containsValue("dedicated");
        TreeMap<String, Long> resources = new TreeMap<>();
        for (String name : CLASSES) {
            boolean cpus = name.equals(dedicated ? "PCPU" : "VCPU");
            boolean usual = CLASSES.indexOf(name) < 3 && random.nextBoolean() && !(dedicated && name.equals("VCPU"));
            if (cpus || usual || random.nextInt(25) == 0) {
                resources.put(name, 1L + random.nextInt(4));
            }
        }
        List<String> names = hosts.stream().map(Host::name).toList();
        Map<String, Integer> members = new HashMap<>();
        some(names, random, 4).forEach(name -> members.put(name, 1 + random.nextInt(3)));
        ServerGroup.Policy[] policies = ServerGroup.Policy.values();
        return Request.of("consumer-" + random.nextInt(), resources)
                .withTraits(some(TRAITS, random, 10), some(TRAITS, random, 16))
                .inAggregates(random.nextInt(6) == 0 ? List.of(Set.of("x", "z")) : List.of())
                .inZone(random.nextInt(4) == 0 ? Optional.of("nova") : Optional.empty())
                .onHosts(
                        some(names, random, 8),
                        random.nextInt(8) == 0 ? one(names, random) : Optional.empty(),
                        random.nextInt(12) == 0
                                ? one(
                                        hosts.stream()
                                                .map(host -> host.facts().node())
                                                .toList(),
                                        random)
                                : Optional.empty())
                .with(random.nextBoolean() ? Request.Hints.NONE : hints(names, random), spec)
                .inGroup(
                        random.nextInt(3) == 0
                                ? Optional.of(new ServerGroup(
                                        "g", policies[random.nextInt(policies.length)], members, 1 + random.nextInt(3)))
                                : Optional.empty());
    }

    private static Request.Hints hints(List<String> names, Random random) {
        Set<String> same = random.nextInt(6) == 0 ? some(names, random, 2) : Set.of();
        return new Request.Hints(
                same,
                some(names, random, 8),
                random.nextInt(5) == 0
                        ? Optional.of(new Request.Network("10.0." + random.nextInt(2) + ".0", 24))
                        : Optional.empty(),
                random.nextInt(5) == 0
                        ? List.of(
                                "or",
                                List.of(">=", "$free_ram_mb", random.nextInt(20)),
                                List.of("=", "$host", one(names, random).orElse("none")))
                        : List.of());
    }

    private static Request.Spec spec(Random random) {
        Map<String, String> flavor = new HashMap<>();
        Map<String, String> image = new HashMap<>();
        switch (random.nextInt(6)) {
            case 0 -> flavor.put("hw:cpu_policy", "dedicated");
            case 1 -> flavor.put("hw:numa_nodes", "" + (1 + random.nextInt(2)));
            case 2 -> flavor.putAll(Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2"));
            default -> {}
        }
        if (random.nextInt(5) == 0) {
            flavor.put("capabilities:color", random.nextBoolean() ? "red" : "<or> red <or> blue");
        }
        if (random.nextInt(5) == 0) {
            flavor.put("aggregate_instance_extra_specs:disk", random.nextBoolean() ? "ssd" : "hdd");
        }
        if (random.nextInt(4) == 0) {
            image.put("hw_architecture", "x86_64");
        }
        if (random.nextInt(6) == 0) {
            image.put("img_hv_type", random.nextInt(4) > 0 ? "kvm" : "xen");
        }
        if (random.nextInt(6) == 0) {
            image.put("hypervisor_version_requires", ">= " + random.nextInt(1, 4) * 1_000_000);
        }
        return new Request.Spec("p", "f", flavor, "", image);
    }

    private static Optional<String> one(List<String> all, Random random) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    static Set<String> some(List<String> all, Random random, int oneIn) {
        Set<String> chosen = new HashSet<>();
        for (String one : all) {
            if (random.nextInt(oneIn) == 0) {
                chosen.add(one);
            }
        }
        return chosen;
    }
}
