package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each of Nova's filters by what it lets pass. */
class FiltersTest {
    private static final Facts FACTS = new Facts(
            "",
            "nova",
            "node-a",
            "10.1.2.3",
            "QEMU",
            8_002_000,
            Map.of("arch", "x86_64", "cpu_model", "EPYC"),
            List.of(new Facts.Cell(0, 4, List.of(0, 1), 2048), new Facts.Cell(1, 4, List.of(4, 5), 2048)),
            3);
    private static final Host HOST = Worlds.with(Worlds.host("a", 8, 4096, 1024), true, FACTS, List.of());

    @Test
    void aFilterThatDoesNotExistIsNamed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Filters.named(List.of("MagicFilter")))
                .getMessage()
                .startsWith("There is no filter MagicFilter"));
    }

    @Test
    void computeCapabilitiesCompareExtraSpecsWithWhatTheHostTells() {
        String filter = "ComputeCapabilitiesFilter";
        assertTrue(passes(filter, flavor(Map.of("hypervisor_type", "QEMU"))));
        assertTrue(passes(filter, flavor(Map.of("capabilities:arch", "<or> aarch64 <or> x86_64"))));
        assertTrue(passes(filter, flavor(Map.of("capabilities:hypervisor_version", ">= 8000000"))));
        assertFalse(passes(filter, flavor(Map.of("capabilities:hypervisor_version", "<= 8000000"))));
        assertFalse(passes(filter, flavor(Map.of("capabilities:no_such", "x"))));
        assertTrue(passes(filter, flavor(Map.of("hw:cpu_policy", "shared", "trait:A", "required"))));
        assertTrue(passes(filter, flavor(Map.of("cpu_model", "s!= Nehalem"))));
        assertTrue(passes(filter, flavor(Map.of("cpu_model", "<in> EP"))));
        assertFalse(passes(filter, flavor(Map.of("cpu_model", "<all-in> EP XX"))));
    }

    @Test
    void imagePropertiesNameArchitectureAndHypervisor() {
        String filter = "ImagePropertiesFilter";
        assertTrue(passes(filter, image(Map.of("hw_architecture", "x86_64", "img_hv_type", "kvm"))));
        assertFalse(passes(filter, image(Map.of("hw_architecture", "aarch64"))));
        assertFalse(passes(filter, image(Map.of("img_hv_type", "xen"))));
        assertTrue(passes(filter, image(Map.of("hw_vm_mode", "xen"))), "a host that does not tell");
        assertFalse(passes(filter, image(Map.of("hypervisor_version_requires", ">= 9000000"))));
    }

    @Test
    void aggregatesKeepTheirHostsForProjectsFlavorsAndImages() {
        Request of = Request.of("c", Map.of("VCPU", 1L))
                .with(
                        Request.Hints.NONE,
                        new Request.Spec("p1", "m1.small", Map.of("ssd", "true"), "i", Map.of("os_type", "linux")));
        assertTrue(passes("AggregateMultiTenancyIsolation", of, Map.of("filter_tenant_id", "p0,p1")));
        assertTrue(passes("AggregateMultiTenancyIsolation", of, Map.of("filter_tenant_id_2", "p1")));
        assertFalse(passes("AggregateMultiTenancyIsolation", of, Map.of("filter_tenant_id", "p2")));
        assertTrue(passes("AggregateTypeAffinityFilter", of, Map.of("instance_type", "m1.tiny,m1.small")));
        assertFalse(passes("AggregateTypeAffinityFilter", of, Map.of("instance_type", "m1.tiny")));
        Request scoped = flavor(Map.of("aggregate_instance_extra_specs:ssd", "true"));
        assertTrue(passes("AggregateInstanceExtraSpecsFilter", scoped, Map.of("ssd", "true")));
        assertFalse(passes("AggregateInstanceExtraSpecsFilter", scoped, Map.of("ssd", "false")));
        assertFalse(passes("AggregateInstanceExtraSpecsFilter", scoped, Map.of()));
        assertTrue(passes("AggregateImagePropertiesIsolation", of, Map.of("os_type", "linux,bsd")));
        assertFalse(passes("AggregateImagePropertiesIsolation", of, Map.of("os_type", "windows")));
        assertFalse(passes("AggregateIoOpsFilter", of, Map.of("max_io_ops_per_host", "3")));
        assertTrue(passes("AggregateIoOpsFilter", of, Map.of("max_io_ops_per_host", "4")));
        assertFalse(passes("AggregateNumInstancesFilter", of, Map.of("max_instances_per_host", "0")));
    }

    @Test
    void hintsNameServersNetworksAndQueries() {
        assertTrue(passes("SameHostFilter", hints(Set.of("a", "b"), Set.of(), Optional.empty(), List.of())));
        assertFalse(passes("SameHostFilter", hints(Set.of("b"), Set.of(), Optional.empty(), List.of())));
        assertFalse(passes("DifferentHostFilter", hints(Set.of(), Set.of("a"), Optional.empty(), List.of())));
        String near = "SimpleCIDRAffinityFilter";
        assertTrue(
                passes(near, hints(Set.of(), Set.of(), Optional.of(new Request.Network("10.1.2.200", 24)), List.of())));
        assertFalse(
                passes(near, hints(Set.of(), Set.of(), Optional.of(new Request.Network("10.1.3.200", 24)), List.of())));
        assertTrue(
                passes(near, hints(Set.of(), Set.of(), Optional.of(new Request.Network("10.1.3.200", 23)), List.of())));
    }

    @Test
    void jsonQueriesCompareWhatTheHostHas() {
        assertTrue(query(List.of(">=", "$free_ram_mb", 3072)));
        assertFalse(query(List.of(">", "$free_ram_mb", 3072)));
        assertTrue(query(List.of("and", List.of("=", "$host", "a"), List.of("not", List.of("=", "$host", "b")))));
        assertTrue(query(List.of("or", List.of("=", "$host", "b"), List.of("in", "$host", "x", "a"))));
        assertFalse(query(List.of("=", "$no_such", "a")));
        assertFalse(query(List.of("eval", "1")));
    }

    @Test
    void numaTopologyNeedsACellForEachPart() {
        assertTrue(numa(4, 2048, Map.of("hw:numa_nodes", "2")));
        assertFalse(numa(4, 2048, Map.of("hw:numa_nodes", "3")));
        assertFalse(numa(10, 2048, Map.of("hw:numa_nodes", "2")));
        assertFalse(numa(4, 4098, Map.of("hw:numa_nodes", "2")));
        Request pinned = Request.of("c", Map.of("PCPU", 3L, "MEMORY_MB", 512L))
                .with(
                        Request.Hints.NONE,
                        flavor(Map.of("hw:cpu_policy", "dedicated")).spec());
        assertFalse(passes("NUMATopologyFilter", pinned));
        assertTrue(passes(
                "NUMATopologyFilter",
                pinned.with(
                        Request.Hints.NONE,
                        flavor(Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2"))
                                .spec())));
    }

    @Test
    void antiAffinityAllowsAsManyOnAHostAsTheGroupSays() {
        ServerGroup group = new ServerGroup("g", ServerGroup.Policy.ANTI_AFFINITY, Map.of("a", 1), 2);
        Request request = Request.of("c", Map.of("VCPU", 1L)).inGroup(Optional.of(group));
        assertTrue(passes("ServerGroupAntiAffinityFilter", request));
        assertFalse(passes("ServerGroupAntiAffinityFilter", request.inGroup(Optional.of(group.joinedOn("a")))));
    }

    @Test
    void aForcedNodeIsTheHypervisorsOwnName() {
        Request request = Request.of("c", Map.of("VCPU", 1L));
        assertTrue(passes("ComputeFilter", request.onHosts(Set.of(), Optional.empty(), Optional.of("node-a"))));
        assertFalse(passes("ComputeFilter", request.onHosts(Set.of(), Optional.empty(), Optional.of("a"))));
    }

    @Test
    void filtersThatAskNothingOfARequestAreNotAsked() {
        assertEquals(
                List.of("ComputeFilter"),
                new ArrayList<>(Filters.named(Filters.DEFAULT).concerning(Request.of("c", Map.of("VCPU", 1L))))
                        .stream().map(Filter::name).toList());
    }

    private static boolean query(List<Object> query) {
        return passes("JsonFilter", hints(Set.of(), Set.of(), Optional.empty(), query));
    }

    private static boolean numa(long vcpus, long memory, Map<String, String> extraSpecs) {
        return passes(
                "NUMATopologyFilter",
                Request.of("c", Map.of("VCPU", vcpus, "MEMORY_MB", memory))
                        .with(Request.Hints.NONE, flavor(extraSpecs).spec()));
    }

    private static Request hints(
            Set<String> same, Set<String> different, Optional<Request.Network> near, List<Object> query) {
        return Request.of("c", Map.of("VCPU", 1L))
                .with(new Request.Hints(same, different, near, query), Request.Spec.NONE);
    }

    private static Request flavor(Map<String, String> extraSpecs) {
        return Request.of("c", Map.of("VCPU", 1L))
                .with(Request.Hints.NONE, new Request.Spec("p", "f", extraSpecs, "i", Map.of()));
    }

    private static Request image(Map<String, String> properties) {
        return Request.of("c", Map.of("VCPU", 1L))
                .with(Request.Hints.NONE, new Request.Spec("p", "f", Map.of(), "i", properties));
    }

    private static boolean passes(String filter, Request request) {
        return passes(filter, request, Map.of());
    }

    private static boolean passes(String filter, Request request, Map<String, String> metadata) {
        Host host =
                metadata.isEmpty() ? HOST : Worlds.with(HOST, true, FACTS, List.of(new Aggregate("x", "x", metadata)));
        return Filters.named(List.of(filter)).concerning(request).stream().allMatch(each -> each.passes(host, request));
    }
}
