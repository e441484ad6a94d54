package io.nephos.block.file;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.block.Api;
import io.nephos.block.StorageDaemonProcess;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(StorageDaemonProcess.class)
class StoreSweepIT {
    @Inject
    StoreSweep sweep;

    @Test
    void whatACrashLeftIsRemovedAndWhatARowKnowsStays() throws Exception {
        String known = Api.volume(Api.project(), Map.of());
        Path store = StorageDaemonProcess.store();
        Path orphan = Files.createFile(store.resolve(UUID.randomUUID() + ".qcow2"));
        Path part = Files.createFile(store.resolve(UUID.randomUUID() + ".deadbeef.1.part"));
        sweepNow();
        assertFalse(Files.exists(orphan));
        assertFalse(Files.exists(part));
        assertTrue(Files.exists(store.resolve(known + ".qcow2")));
    }

    @Test
    void theStoreOfAnotherDatabaseIsLeftAlone() throws Exception {
        Path store = StorageDaemonProcess.store();
        sweepNow();
        Path marker = store.resolve("store-id");
        String ours = Files.readString(marker);
        Path orphan = Files.createFile(store.resolve(UUID.randomUUID() + ".qcow2"));
        Files.writeString(marker, UUID.randomUUID().toString());
        sweepNow();
        assertTrue(Files.exists(orphan));
        Files.writeString(marker, ours);
        sweepNow();
        assertFalse(Files.exists(orphan));
    }

    private void sweepNow() {
        Api.onVirtualThread(() -> {
            sweep.sweep();
            return true;
        });
    }
}
