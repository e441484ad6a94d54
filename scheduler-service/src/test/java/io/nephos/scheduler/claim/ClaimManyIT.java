package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.SchedulerHints;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches, and what the claims of one know of others. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class ClaimManyIT {
    @Inject
    TwoHosts hosts;

    @BeforeEach
    void clear() throws Exception {
        hosts.clear();
    }

    @AfterEach
    void giveBack() {
        hosts.giveBack();
    }

    @Test
    void aBatchIsPlacedWholeOrNotAtAll() {
        ClaimManyResponse tooMany = hosts.claimMany(9, 9, hosts.request(1));
        assertEquals(0, tooMany.getPlacedCount());
        assertEquals(2, tooMany.getExplanation().getHostsConsidered());
        assertEquals(0, hosts.used("h1") + hosts.used("h2"));
        ClaimManyResponse all = hosts.claimMany(8, 8, hosts.request(1));
        assertEquals(8, all.getPlacedCount());
        assertFalse(all.hasExplanation());
        assertEquals(4, hosts.used("h1"));
        assertEquals(4, hosts.used("h2"));
    }

    @Test
    void aBatchMayBePlacedAsFarAsThereIsRoom() {
        ClaimManyResponse some = hosts.claimMany(9, 1, hosts.request(1));
        assertEquals(8, some.getPlacedCount());
        assertTrue(some.getExplanation().getSummary().contains("lack VCPU"), some.toString());
    }

    @Test
    void theSameBatchAgainGetsTheSameHosts() {
        List<String> consumers = hosts.consumers(6);
        ClaimManyResponse first = hosts.claimMany(consumers, 6, hosts.request(1));
        assertEquals(first, hosts.claimMany(consumers, 6, hosts.request(1)));
        List<String> more = new ArrayList<>(consumers);
        more.addAll(hosts.consumers(2));
        ClaimManyResponse grown = hosts.claimMany(more, 8, hosts.request(1));
        assertEquals(first.getPlacedList(), grown.getPlacedList().subList(0, 6));
        assertEquals(8, hosts.used("h1") + hosts.used("h2"));
        String one = consumers.getFirst();
        assertEquals(
                first.getPlaced(0).getPlacement(),
                hosts.claim(hosts.request(1, one)).getPlacement(),
                "in a cloud that is full");
    }

    @Test
    void oneConsumerThatIsClaimedManyTimesAtOnceHasOnePlace() throws Exception {
        for (int round = 0; round < 20; round++) {
            String consumer = hosts.consumers(1).getFirst();
            Set<String> places = ConcurrentHashMap.newKeySet();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 6; i++) {
                    threads.submit(() -> places.add(hosts.claim(hosts.request(1, consumer))
                            .getPlacement()
                            .getHost()));
                }
            }
            assertEquals(1, places.size(), places.toString());
            assertEquals(1, hosts.used("h1") + hosts.used("h2"));
            assertTrue(hosts.release(consumer));
        }
    }

    @Test
    void membersOfAGroupInOneBatchKnowOfEachOther() {
        ServerGroupHint group = ServerGroupHint.newBuilder()
                .setGroupId(UUID.randomUUID().toString())
                .setPolicy("anti-affinity")
                .setMaxServerPerHost(2)
                .build();
        ClaimManyResponse placed = hosts.claimMany(
                5, 1, hosts.request(1).toBuilder().setServerGroup(group).build());
        assertEquals(4, placed.getPlacedCount());
        assertEquals(2, hosts.used("h1"));
        assertTrue(placed.getExplanation().getSummary().contains("run 2 members of the server group already"));
        ServerGroupHint together = group.toBuilder()
                .setGroupId(UUID.randomUUID().toString())
                .setPolicy("affinity")
                .build();
        assertEquals(
                1,
                hosts
                        .claimMany(
                                2,
                                2,
                                hosts.request(1).toBuilder()
                                        .setServerGroup(together)
                                        .build())
                        .getPlacedList()
                        .stream()
                        .map(one -> one.getPlacement().getHost())
                        .distinct()
                        .count());
    }

    @Test
    void hintsNameOtherServers() {
        String first = hosts.consumers(1).getFirst();
        String host = hosts.claim(hosts.request(1, first)).getPlacement().getHost();
        for (int i = 0; i < 2; i++) {
            String same = hosts.consumers(1).getFirst();
            assertEquals(
                    host,
                    hosts.claim(hosts.request(1, same).toBuilder()
                                    .setHints(SchedulerHints.newBuilder().addSameHost(first))
                                    .build())
                            .getPlacement()
                            .getHost());
        }
        String other = hosts.consumers(1).getFirst();
        assertFalse(host.equals(hosts.claim(hosts.request(1, other).toBuilder()
                        .setHints(SchedulerHints.newBuilder().addDifferentHost(first))
                        .build())
                .getPlacement()
                .getHost()));
    }
}
