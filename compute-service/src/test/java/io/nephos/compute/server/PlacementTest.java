package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.FilterLoss;
import io.nephos.contracts.scheduler.v1.NearMiss;
import org.junit.jupiter.api.Test;

class PlacementTest {
    @Test
    void theUserIsToldWhichResourceLackedHowMuchOnHowManyHosts() {
        Explanation explanation = Explanation.newBuilder()
                .setHostsConsidered(2)
                .addLosses(FilterLoss.newBuilder()
                        .setFilter("MEMORY_MB")
                        .setHostsLost(2)
                        .setDetail("needs 999999 MEMORY_MB; the most free on one host is 21504"))
                .build();
        assertEquals(
                "No valid host was found. 2 hosts were considered: MEMORY_MB lost 2 hosts: needs 999999 MEMORY_MB; the"
                        + " most free on one host is 21504",
                Placement.message(explanation, 0, ""));
    }

    @Test
    void theSchedulersSentenceIsNotSaidTwice() {
        String sentence = "No valid host was found: 1 of 1 hosts are down or disabled.";
        assertEquals(
                sentence,
                Placement.message(Explanation.newBuilder().setSummary(sentence).build(), 0, ""));
    }

    @Test
    void theNearestHostIsNamedToAdministratorsOnly() {
        Explanation explanation = Explanation.newBuilder()
                .setSummary("No valid host was found: 1 of 1 hosts lack VCPU.")
                .addLosses(FilterLoss.newBuilder().setFilter("VCPU").setHostsLost(1))
                .addNearest(NearMiss.newBuilder()
                        .setHost("host1")
                        .putLacking("VCPU", 2)
                        .putLacking("MEMORY_MB", 64)
                        .addFailedFilters("ComputeFilter"))
                .build();
        assertEquals(
                "No valid host was found: 1 of 1 hosts lack VCPU. The nearest host fails ComputeFilter and lacks"
                        + " 64 MEMORY_MB, 2 VCPU.",
                Placement.message(explanation, 0, ""));
        assertEquals(
                "VCPU lost 1 host\nhost1 fails ComputeFilter and lacks 64 MEMORY_MB, 2 VCPU",
                Placement.details(explanation));
    }

    @Test
    void hostsThatWereTriedBeforeAreMentioned() {
        assertEquals(
                "No valid host was found. Every host is excluded. 1 host was tried before: the disk is full",
                Placement.message(
                        Explanation.newBuilder()
                                .setSummary("Every host is excluded.")
                                .build(),
                        1,
                        "the disk is full"));
    }
}
