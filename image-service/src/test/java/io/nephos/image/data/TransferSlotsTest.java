package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TransferSlotsTest {
    @Test
    void oneProjectHasTwoThirdsAndAllHaveNoMoreThanThereAre() throws IOException {
        TransferSlots slots = new TransferSlots(3, Duration.ZERO);
        slots.within(
                "a",
                () -> slots.within("a", () -> {
                    refused(slots, "a");
                    return slots.within("b", () -> {
                        refused(slots, "c");
                        return true;
                    });
                }));
        assertEquals(7, slots.within("c", () -> slots.within("c", () -> 7)));
    }

    @Test
    void whatFailsGivesItsSlotBack() throws IOException {
        TransferSlots slots = new TransferSlots(1, Duration.ZERO);
        assertThrows(
                IOException.class,
                () -> slots.within("a", () -> {
                    throw new IOException("gone");
                }));
        assertEquals(7, slots.within("b", () -> 7));
    }

    @Test
    void oneMoreWaitsForItsTurn() throws Exception {
        TransferSlots slots = new TransferSlots(1, Duration.ofSeconds(30));
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> slots.within("a", () -> {
                began.countDown();
                await(ended);
                return 1;
            }));
            await(began);
            Future<Integer> second = threads.submit(() -> slots.within("b", () -> 2));
            ended.countDown();
            assertEquals(1, first.get());
            assertEquals(2, second.get());
        }
    }

    private static void refused(TransferSlots slots, String project) {
        FaultException busy = assertThrows(FaultException.class, () -> slots.within(project, () -> 1));
        assertEquals(Fault.Unavailable.class, busy.fault().getClass());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
