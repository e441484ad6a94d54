package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.MoveRequest;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both places are held until a move is ended. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class MoveIT {
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
    void aMoveHoldsBothPlacesUntilItIsConfirmed() {
        String consumer = hosts.consumers(1).getFirst();
        String migration = hosts.consumers(1).getFirst();
        String from = hosts.claim(hosts.request(3, consumer)).getPlacement().getHost();
        MoveRequest away = MoveRequest.newBuilder()
                .setClaim(hosts.request(3, consumer).toBuilder().addExcludedHosts(from))
                .setMigrationId(migration)
                .build();
        String to = hosts.scheduler().move(away).getPlacement().getHost();
        assertFalse(from.equals(to));
        assertEquals(to, hosts.scheduler().move(away).getPlacement().getHost(), "the same move again");
        assertEquals(3, hosts.used(from));
        assertEquals(3, hosts.used(to));
        assertTrue(hosts.scheduler().confirmMove(hosts.end(consumer, migration)).getEnded());
        assertFalse(
                hosts.scheduler().confirmMove(hosts.end(consumer, migration)).getEnded());
        assertEquals(0, hosts.used(from));
        assertEquals(3, hosts.used(to));
    }

    @Test
    void aMoveThatIsRevertedLeavesWhatWas() {
        String consumer = hosts.consumers(1).getFirst();
        String migration = hosts.consumers(1).getFirst();
        String host = hosts.claim(hosts.request(1, consumer)).getPlacement().getHost();
        // A resize on the spot: both sizes are held.
        MoveRequest resize = MoveRequest.newBuilder()
                .setClaim(hosts.request(2, consumer).toBuilder().setForcedHost(host))
                .setMigrationId(migration)
                .build();
        assertEquals(host, hosts.scheduler().move(resize).getPlacement().getHost());
        assertEquals(3, hosts.used(host));
        assertTrue(hosts.scheduler().revertMove(hosts.end(consumer, migration)).getEnded());
        assertFalse(hosts.scheduler().revertMove(hosts.end(consumer, migration)).getEnded());
        assertEquals(1, hosts.used(host));
        assertTrue(hosts.release(consumer));
        assertEquals(0, hosts.used(host));
        assertEquals(
                Status.Code.FAILED_PRECONDITION,
                assertThrows(
                                StatusRuntimeException.class,
                                () -> hosts.scheduler().move(resize))
                        .getStatus()
                        .getCode());
    }

    @Test
    void aServerThatIsDeletedWhileItMovesGivesBothPlacesBack() {
        String consumer = hosts.consumers(1).getFirst();
        String from = hosts.claim(hosts.request(2, consumer)).getPlacement().getHost();
        hosts.scheduler()
                .move(MoveRequest.newBuilder()
                        .setClaim(hosts.request(2, consumer).toBuilder().addExcludedHosts(from))
                        .setMigrationId(hosts.consumers(1).getFirst())
                        .build());
        assertEquals(4, hosts.used("h1") + hosts.used("h2"));
        assertTrue(hosts.release(consumer));
        assertEquals(0, hosts.used("h1") + hosts.used("h2"));
    }
}
