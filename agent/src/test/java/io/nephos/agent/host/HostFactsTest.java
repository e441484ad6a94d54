package io.nephos.agent.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostFactsTest {
    private static final String CPU = """
            processor	: %d
            vendor_id	: GenuineIntel
            model name	: Some Processor @ 2.60GHz
            physical id	: 0
            siblings	: 2
            cpu cores	: 1
            flags		: fpu sse sse2 avx2 aes

            """;

    @Test
    void memoryIsReadInMib() {
        assertEquals(24105, HostFacts.memoryMib("MemTotal:       24684092 kB\nMemFree:        1 kB\n"));
    }

    @Test
    void processorsAreCountedAndDescribed() {
        HostFacts.Cpus cpus = HostFacts.cpus(CPU.formatted(0) + CPU.formatted(1));
        assertEquals(2, cpus.count());
        assertEquals(1, cpus.sockets());
        assertEquals(1, cpus.coresPerSocket());
        assertEquals("GenuineIntel", cpus.vendor());
        assertTrue(cpus.flags().contains("avx2"));
    }

    @Test
    void traitsNameWhatGuestsCanUse() {
        assertTrue(Traits.of(Set.of("avx2", "unheard-of"), false).contains("HW_CPU_X86_AVX2"));
        assertTrue(Traits.of(Set.of(), false).contains("COMPUTE_NODE"));
        assertTrue(!Traits.of(Traits.NEHALEM, false).contains("HW_CPU_X86_AVX2"));
    }
}
