package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final Map<String, Long> PLAIN = Map.of("VCPU", 2L, "MEMORY_MB", 512L, "DISK_GB", 0L);

    @Test
    void aFlavorWithoutSpecsAsksForItsSize() {
        Demand demand = demand(Map.of());
        assertEquals(Map.of("VCPU", 2L, "MEMORY_MB", 512L), demand.resources());
        assertEquals(Optional.empty(), demand.impossible());
    }

    @Test
    void resourcesTakeThePlaceOfTheSizeAndZeroAsksForNothing() {
        assertEquals(
                Map.of("MEMORY_MB", 256L, "CUSTOM_GPU", 1L),
                demand(Map.of("resources:VCPU", "0", "resources:MEMORY_MB", "256", "resources:CUSTOM_GPU", "1"))
                        .resources());
    }

    @Test
    void groupsAreAddedUpUnlessTheyMustBeApart() {
        Map<String, String> groups = Map.of("resources1:CUSTOM_NIC", "1", "resources_NET2:CUSTOM_NIC", "2");
        assertEquals(3L, demand(groups).resources().get("CUSTOM_NIC"));
        Demand apart =
                demand(Map.of("resources1:CUSTOM_NIC", "1", "resources2:CUSTOM_NIC", "2", "group_policy", "isolate"));
        assertTrue(apart.impossible().orElse("").contains("isolate"));
        assertEquals(
                Optional.empty(),
                demand(Map.of("resources1:CUSTOM_NIC", "1", "group_policy", "isolate"))
                        .impossible());
    }

    @Test
    void traitsOfFlavorAndImageAreRequiredOrForbidden() {
        Demand demand = Demand.of(
                PLAIN,
                Map.of("trait:CUSTOM_A", "required", "trait1:CUSTOM_B", "required", "trait:CUSTOM_C", "forbidden"),
                Map.of("trait:CUSTOM_D", "required"));
        assertEquals(Set.of("CUSTOM_A", "CUSTOM_B", "CUSTOM_D"), demand.required());
        assertEquals(Set.of("CUSTOM_C"), demand.forbidden());
        Demand torn = Demand.of(PLAIN, Map.of("trait:X", "forbidden"), Map.of("trait:X", "required"));
        assertTrue(torn.impossible().orElse("").contains("both required and forbidden"));
        assertTrue(demand(Map.of("trait:X", "perhaps")).impossible().isPresent());
    }

    @Test
    void dedicatedProcessorsAreAnotherResource() {
        for (Demand demand : new Demand[] {
            demand(Map.of("hw:cpu_policy", "dedicated")),
            Demand.of(PLAIN, Map.of(), Map.of("hw_cpu_policy", "dedicated"))
        }) {
            assertEquals(Map.of("PCPU", 2L, "MEMORY_MB", 512L), demand.resources());
            assertEquals("dedicated", demand.extraSpecs().get("hw:cpu_policy"), "NUMATopologyFilter reads it");
        }
        assertEquals(
                Set.of("HW_CPU_HYPERTHREADING"),
                demand(Map.of("hw:cpu_thread_policy", "isolate")).forbidden());
    }

    @Test
    void whatNoHostGivesIsSaidToBeSo() {
        for (String key : new String[] {"pci_passthrough:alias", "accel:device_profile", "hw:mem_page_size"}) {
            assertTrue(demand(Map.of(key, "large")).impossible().orElse("").contains(key), key);
        }
        assertTrue(demand(Map.of("resources:VCPU", "many")).impossible().isPresent());
    }

    private static Demand demand(Map<String, String> flavor) {
        return Demand.of(PLAIN, flavor, Map.of());
    }
}
