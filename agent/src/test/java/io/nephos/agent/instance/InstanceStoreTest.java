package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.agent.v1.InstanceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstanceStoreTest {
    @TempDir
    private Path state = Path.of("");

    @Test
    void aWishIsKeptWithoutItsTicketAndOnlyADifferentOneIsAChange() {
        InstanceStore store = new InstanceStore(state);
        InstanceSpec.Builder spec = Specs.running();
        spec.getImageBuilder().setTicket("secret-1");
        assertTrue(store.save(spec.build()));
        spec.getImageBuilder().setTicket("secret-2");
        assertFalse(store.save(spec.build()));
        assertEquals(
                "",
                new InstanceStore(state)
                        .spec(spec.getId())
                        .orElseThrow()
                        .getImage()
                        .getTicket());
        assertEquals(Set.of("ab".repeat(64)), store.imagesInUse());
    }

    @Test
    void aHalfRemovedInstanceIsGoneAfterARestart() throws IOException {
        InstanceSpec spec = Specs.running().build();
        InstanceStore store = new InstanceStore(state);
        store.save(spec);
        Path home = state.resolve("instances/" + spec.getId());
        Files.move(home, state.resolve("instances/.removed-" + spec.getId()));
        assertEquals(List.of(), new InstanceStore(state).ids());
        assertFalse(Files.exists(state.resolve("instances/.removed-" + spec.getId())));
    }

    @Test
    void theLastLinesOfTheConsoleAreGiven() throws IOException {
        InstanceStore store = new InstanceStore(state);
        String id = Specs.running().getId();
        Files.writeString(store.console(id), "one\ntwo\nthree\nlogin: ");
        assertEquals("three\nlogin: ", store.consoleTail(id, 2));
        assertEquals("one\ntwo\nthree\nlogin: ", store.consoleTail(id, 0));
        assertEquals("one\ntwo\nthree\nlogin: ", store.consoleTail(id, 99));
        Files.writeString(store.console(id), "one\ntwo\n");
        assertEquals("two\n", store.consoleTail(id, 1));
    }

    @Test
    void aRebootIsRememberedByItsId() {
        InstanceStore store = new InstanceStore(state);
        String id = Specs.running().getId();
        store.save(Specs.running().build());
        store.saveReboot(id, "r1");
        assertEquals("r1", new InstanceStore(state).lastReboot(id).orElseThrow());
    }
}
