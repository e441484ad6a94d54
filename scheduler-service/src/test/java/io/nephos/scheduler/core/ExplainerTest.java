package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Decision.Loss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What people ask for that cannot be had, and what they are told. */
class ExplainerTest {
    private static final Pattern WHERE = Pattern.compile("compute-0|10\\.77\\.|18799|[0-9a-f]{8}-[0-9a-f]{4}-");
    private static final List<String> IDS = List.of(
            "5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0a01",
            "5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0a02",
            "5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0a03");

    private final HostScheduler all = new HostScheduler(Filters.named(names()));

    private static List<String> names() {
        List<String> names = new ArrayList<>(Filters.DEFAULT);
        names.addAll(List.of(
                "IoOpsFilter",
                "NumInstancesFilter",
                "AggregateImagePropertiesIsolation",
                "AggregateMultiTenancyIsolation",
                "AggregateTypeAffinityFilter"));
        return names;
    }

    /** A large one with NUMA cells, a full one with a GPU that is kept for some, a small one in another zone. */
    private static List<Host> cloud() {
        Facts.Cell cell = new Facts.Cell(0, 8, List.of(4, 5, 6, 7), 16_384);
        return List.of(
                host(
                        1,
                        "nova",
                        Map.of("VCPU", 16L, "PCPU", 4L, "MEMORY_MB", 32_768L),
                        Map.of("VCPU", 60L),
                        List.of(cell),
                        List.of()),
                host(
                        2,
                        "nova",
                        Map.of("VCPU", 16L, "MEMORY_MB", 32_768L, "VGPU", 2L),
                        Map.of("MEMORY_MB", 30_000L, "VGPU", 2L),
                        List.of(),
                        List.of(new Aggregate(
                                "5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0b01",
                                "gpu",
                                Map.of("filter_tenant_id", "rich", "instance_type", "g1", "ssd", "true")))),
                host(3, "edge", Map.of("VCPU", 4L, "MEMORY_MB", 4_096L), Map.of(), List.of(), List.of()));
    }

    private static Host host(
            int number,
            String zone,
            Map<String, Long> totals,
            Map<String, Long> used,
            List<Facts.Cell> cells,
            List<Aggregate> aggregates) {
        Map<String, Inventory> inventories = new HashMap<>();
        totals.forEach((name, total) ->
                inventories.put(name, new Inventory(total, 0, 1, total, 1, name.equals("VCPU") ? 4 : 1)));
        String name = "compute-0" + number + ".rack3.example.net";
        return new Host(
                IDS.get(number - 1),
                name,
                7,
                new Facts(
                        "10.77.0.1" + number + ":18799",
                        zone,
                        name,
                        "10.77.0.1" + number,
                        "QEMU",
                        9_001_000,
                        Map.of("arch", "x86_64", "vm_modes", "hvm"),
                        cells,
                        0),
                true,
                true,
                inventories,
                used,
                used.size(),
                0,
                Set.of("HW_CPU_X86_AVX2"),
                aggregates);
    }

    @Test
    void whatIsTooLargeIsSaidWithTheLargestThatThereIs() {
        told(
                Map.of("VCPU", 2L, "MEMORY_MB", 999_999L),
                "1 of 3 hosts are in an aggregate that is kept for other projects; 2 of 3 hosts lack MEMORY_MB (needs"
                        + " 999999, the most free on one host is 32768).");
        told(
                Map.of("VCPU", 32L),
                "1 of 3 hosts are in an aggregate that is kept for other projects; 2 of 3 hosts lack VCPU (needs 32, the"
                        + " most free on one host is 4; no server can have more than 16).");
        told(
                Map.of("VCPU", 5L, "MEMORY_MB", 2_048L),
                "1 of 3 hosts are in an aggregate that is kept for other projects; 2 of 3 hosts lack VCPU (needs 5, the"
                        + " most free on one host is 4).");
        told(
                Map.of("VCPU", 1L, "MEMORY_MB", 4_097L, "VGPU", 1L),
                "1 of 3 hosts are in an aggregate that is kept for other projects; 1 of 3 hosts lack MEMORY_MB (needs"
                        + " 4097, the most free on one of them is 4096); 2 of 3 hosts have no VGPU (needs 1).");
    }

    @Test
    void whoIsNotLetInIsToldByWhat() {
        String kept = "1 of 3 hosts are in an aggregate that is kept for other projects";
        Request small = request(Map.of("VCPU", 1L));
        assertTold(small.inZone(Optional.of("mars")), "3 of 3 hosts are outside availability zone mars.");
        assertTold(
                small.withTraits(Set.of("HW_CPU_X86_AVX512F", "HW_CPU_X86_AVX2"), Set.of()),
                "3 of 3 hosts lack a required trait (HW_CPU_X86_AVX2, HW_CPU_X86_AVX512F).");
        assertTold(
                small.withTraits(Set.of(), Set.of("HW_CPU_X86_AVX2")),
                "3 of 3 hosts have a forbidden trait (HW_CPU_X86_AVX2).");
        assertTold(
                flavor(small, "m1", Map.of("capabilities:hypervisor_type", "xen")),
                "3 of 3 hosts lack a capability that the flavor asks for (capabilities:hypervisor_type = xen).");
        assertTold(
                flavor(small, "m1", Map.of("aggregate_instance_extra_specs:ssd", "false")),
                "3 of 3 hosts are in no aggregate that has what the flavor asks for (aggregate_instance_extra_specs:ssd ="
                        + " false).");
        assertTold(
                image(small, Map.of("hw_architecture", "aarch64", "os_distro", "debian")),
                "3 of 3 hosts cannot run what the image's properties ask for (hw_architecture = aarch64).");
        assertTold(
                small.inGroup(Optional.of(new ServerGroup("g", ServerGroup.Policy.ANTI_AFFINITY, on(1, 2, 3), 1))),
                "3 of 3 hosts run a member of the server group already.");
        assertTold(
                small.inGroup(Optional.of(new ServerGroup("g", ServerGroup.Policy.AFFINITY, on(2), 1))),
                "2 of 3 hosts are not where the members of the server group are; " + kept + ".");
        assertTold(
                small.with(new Request.Hints(Set.of(), names(1, 3), Optional.empty(), List.of()), spec("poor")),
                "2 of 3 hosts run one of the servers named by different_host; " + kept + ".");
        assertTold(
                small.with(new Request.Hints(names(2), Set.of(), Optional.empty(), List.of()), spec("poor")),
                "2 of 3 hosts are not where the servers named by same_host are; " + kept + ".");
        assertTold(
                small.with(
                        new Request.Hints(
                                Set.of(), Set.of(), Optional.of(new Request.Network("192.168.7.9", 24)), List.of()),
                        spec("poor")),
                "3 of 3 hosts are in another network than build_near_host_ip asks for.");
        assertTold(
                small.with(
                        new Request.Hints(Set.of(), Set.of(), Optional.empty(), List.of(">=", "$free_ram_mb", 99_999)),
                        spec("poor")),
                "3 of 3 hosts do not match the scheduler hint query.");
        assertTold(
                small.onHosts(names(1, 2, 3), Optional.empty(), Optional.empty()),
                "3 of 3 hosts were tried already and failed.");
        assertTold(
                small.onHosts(Set.of(), Optional.of("compute-09.rack3.example.net"), Optional.empty()),
                "3 of 3 hosts are not the host that was asked for.");
    }

    @Test
    void whoWantsCpusOfItsOwnIsToldHowManyWhere() {
        Request pinned = request(Map.of("PCPU", 6L, "MEMORY_MB", 1_024L));
        assertTold(
                flavor(pinned, "p1", Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2")),
                "3 of 3 hosts have no NUMA cells with room for 3 CPUs of its own with 512 MiB and, in another cell, 3 CPUs"
                        + " of its own with 512 MiB.");
    }

    private void told(Map<String, Long> resources, String end) {
        assertTold(request(resources), end);
    }

    private void assertTold(Request request, String end) {
        Explanation why =
                assertInstanceOf(Explanation.class, all.schedule(HostTable.of(Weights.SPREAD, cloud()), request), end);
        assertEquals(sorted("No valid host was found: " + end), sorted(why.summary()));
        assertFalse(WHERE.matcher(why.summary()).find(), why.summary());
        for (Loss loss : why.losses()) {
            assertFalse(WHERE.matcher(loss.detail()).find(), loss.detail());
        }
        assertFalse(why.nearest().isEmpty(), "an administrator is told of hosts by name");
        why.nearest()
                .forEach(miss ->
                        assertFalse(miss.failed().isEmpty() && miss.lacking().isEmpty(), miss.host()));
    }

    /** In which order filters run is their own matter. */
    private static List<String> sorted(String summary) {
        String[] parts = summary.replaceFirst("^No valid host was found: ", "")
                .replaceFirst("\\.$", "")
                .split("; (?=\\d)", -1);
        return List.of(parts).stream().sorted().toList();
    }

    private static Request request(Map<String, Long> resources) {
        return Request.of("5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0c01", new TreeMap<>(resources))
                .with(Request.Hints.NONE, spec("poor"));
    }

    private static Request.Spec spec(String project) {
        return new Request.Spec(project, "m1", Map.of(), "", Map.of());
    }

    private static Request flavor(Request request, String name, Map<String, String> extraSpecs) {
        return request.with(Request.Hints.NONE, new Request.Spec("poor", name, extraSpecs, "", Map.of()));
    }

    private static Request image(Request request, Map<String, String> properties) {
        return request.with(Request.Hints.NONE, new Request.Spec("poor", "m1", Map.of(), "", properties));
    }

    private static Set<String> names(int... numbers) {
        return on(numbers).keySet();
    }

    private static Map<String, Integer> on(int... numbers) {
        Map<String, Integer> members = new HashMap<>();
        for (int number : numbers) {
            members.put("compute-0" + number + ".rack3.example.net", 1);
        }
        return members;
    }
}
