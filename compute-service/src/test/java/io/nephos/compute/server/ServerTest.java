package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import org.junit.jupiter.api.Test;

class ServerTest {
    @Test
    void stoppingChangesTheWantedPowerAndTheGeneration() {
        Server server = Servers.running();
        long before = server.row().generation;
        server.stop(Servers.NOW);
        assertEquals(Power.SHUTDOWN, server.row().desiredPower);
        assertEquals(before + 1, server.row().generation);
        assertEquals(ServerStatus.ACTIVE, server.status(), "until the host confirms");
        assertEquals("powering-off", server.row().task.wire());
        server.settle(Servers.NOW);
        assertEquals(ServerStatus.SHUTOFF, server.status());
    }

    @Test
    void aSecondRequestWhileOneIsUnderWayIsAConflict() {
        Server server = Servers.running();
        server.stop(Servers.NOW);
        FaultException refused = assertThrows(FaultException.class, () -> server.start(Servers.NOW));
        assertInstanceOf(Fault.Conflict.class, refused.fault());
        assertTrue(refused.fault().message().contains("task_state powering-off"));
    }

    @Test
    void aServerBeingBuiltCannotBeStoppedButCanBeDeleted() {
        Server server = Servers.fresh(0);
        assertThrows(FaultException.class, () -> server.stop(Servers.NOW));
        assertTrue(server.delete(Servers.NOW));
        assertFalse(server.delete(Servers.NOW), "the second time changes nothing");
    }

    @Test
    void aHardRebootInterruptsWhatIsUnderWayAndASoftOneDoesNot() {
        Server server = Servers.running();
        server.pause(Servers.NOW);
        assertThrows(FaultException.class, () -> server.reboot(false, "r1", Servers.NOW));
        server.reboot(true, "r2", Servers.NOW);
        assertEquals(ServerStatus.HARD_REBOOT, server.status());
        assertEquals(Power.RUNNING, server.row().desiredPower);
    }

    @Test
    void aGuestThatSwitchedItselfOffIsAStoppedServer() {
        Server server = Servers.running();
        assertTrue(server.observe(Power.SHUTDOWN, server.row().generation, Servers.NOW));
        assertEquals(ServerStatus.SHUTOFF, server.status());
        assertEquals(Power.SHUTDOWN, server.row().desiredPower, "nobody starts it again by himself");
    }

    @Test
    void anOldReportDoesNotStopAServerThatIsBeingStarted() {
        Server server = Servers.running();
        server.stop(Servers.NOW);
        server.settle(Servers.NOW);
        server.start(Servers.NOW);
        server.observe(Power.SHUTDOWN, server.row().generation - 1, Servers.NOW);
        assertEquals(Power.RUNNING, server.row().desiredPower);
    }

    @Test
    void aReportFromWhenItWasBuiltDoesNotStopAServer() {
        Server server = Servers.running();
        server.observe(Power.SHUTDOWN, 0, Servers.NOW);
        assertEquals(Power.RUNNING, server.row().desiredPower);
        assertEquals(ServerStatus.ACTIVE, server.status());
    }

    @Test
    void aTransitionThatIsNotFinishedInTimeIsAnErrorThatSaysSo() {
        Server server = Servers.running();
        server.stop(Servers.NOW);
        server.row().lastError = "libvirt hangs";
        server.abandon(Servers.NOW);
        assertEquals(ServerStatus.ERROR, server.status());
        assertTrue(server.row().faultMessage.contains("powering-off"));
        assertTrue(server.row().faultMessage.contains("libvirt hangs"));
        server.reboot(true, "r", Servers.NOW);
        assertEquals(Power.RUNNING, server.row().desiredPower, "a hard reboot is the way out");
    }

    @Test
    void theHostNameIsMadeOfTheName() {
        assertEquals("web-1-example", ServerLaunch.hostname("Web_1.example", "id"));
        assertEquals("server-id", ServerLaunch.hostname("日本", "id"));
        assertEquals(63, ServerLaunch.hostname("x".repeat(200), "id").length());
    }

    @Test
    void ipv6AddressesAreShownInTheirCanonicalForm() throws Exception {
        assertEquals(
                "::babe:dc0c:1602",
                Ipv6.canonical(java.net.InetAddress.getByName("0000:0000:0000:0000:0000:babe:220.12.22.2")
                        .getAddress()));
        assertEquals(
                "2001:db8::1:0:0:1",
                Ipv6.canonical(
                        java.net.InetAddress.getByName("2001:db8:0:0:1:0:0:1").getAddress()));
        assertEquals("::", Ipv6.canonical(new byte[16]));
    }
}
