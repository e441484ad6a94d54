package io.nephos.agent.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.PowerState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChangesTest {
    private final Changes changes = new Changes();

    private static InstanceState state(String id, PowerState power) {
        return InstanceState.newBuilder()
                .setId(id)
                .setGeneration(3)
                .setPowerState(power)
                .build();
    }

    private static Map<String, InstanceState> running(String... ids) {
        Map<String, InstanceState> states = new java.util.TreeMap<>();
        for (String id : ids) {
            states.put(id, state(id, PowerState.POWER_STATE_RUNNING));
        }
        return states;
    }

    private Changes.Report tell(Map<String, InstanceState> observed, String busy, boolean full) {
        Changes.Report report = changes.next(observed, busy::equals, full);
        changes.acknowledged(report);
        return report;
    }

    @Test
    void onlyWhatChangedIsToldAgain() {
        assertEquals(2, tell(running("a", "b"), "", true).instances().size());
        assertTrue(tell(running("a", "b"), "", false).empty());
        Map<String, InstanceState> off = running("a", "b");
        off.put("a", state("a", PowerState.POWER_STATE_SHUTOFF));
        assertEquals(List.of(off.get("a")), tell(off, "", false).instances());
    }

    @Test
    void whatWasNotAcknowledgedIsToldAgain() {
        changes.next(running("a"), id -> false, false);
        assertEquals(
                1, changes.next(running("a"), id -> false, false).instances().size());
    }

    @Test
    void aVanishedInstanceMakesTheReportFull() {
        tell(running("a", "b"), "", true);
        Changes.Report report = tell(running("b"), "", false);
        assertTrue(report.full());
        assertEquals(1, report.instances().size());
    }

    @Test
    void aPassingStateIsNotTold() {
        tell(running("a"), "", true);
        Map<String, InstanceState> rebooting = running();
        rebooting.put("a", state("a", PowerState.POWER_STATE_SHUTOFF));
        assertTrue(tell(rebooting, "a", false).empty());
        assertFalse(tell(running(), "a", false).full());
        assertFalse(tell(rebooting, "", false).empty());
    }

    @Test
    void anInstanceBeingBuiltCountsAsNotReached() {
        Changes.Report report = tell(running("a"), "a", false);
        assertEquals(0, report.instances().getFirst().getGeneration());
    }
}
