package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiscretionTest {
    private final ServerRow row = new ServerRow();

    DiscretionTest() {
        row.host = "node-1.rack3";
        row.hostId = "5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0a01";
        row.agentAddress = "10.77.0.11:18799";
        row.excludedHosts = "[\"node-1\", \"h2\"]";
    }

    @Test
    void hostsAreNotNamedToUsers() {
        assertEquals(
                "the host said: no space on the host (the host); before, the host was full.",
                Discretion.of(
                        "node-1.rack3 said: no space on host node-1 (5d1c9a44-7a0c-4b43-9f5b-0f4d4f3f0a01); before, h2 was full.",
                        row));
        assertEquals(
                "Connection refused: the host, then the host",
                Discretion.of("Connection refused: /10.77.0.11:18799, then 10.77.0.12:18799", row));
    }

    @Test
    void whatIsNoHostStays() {
        String other = "Address 10.0.0.5 of subnet h20 and of node-12 is in use, see h2-b.";
        assertEquals(other, Discretion.of(other, row));
    }

    @Test
    void aFaultIsTheDiscreetOne() {
        Server server = new Server(row, List.of(), List.of());
        server.fail("1 host was tried before: h2 is on fire", "h2 is on fire", Servers.NOW);
        assertEquals("1 host was tried before: the host is on fire", row.faultMessage);
        assertEquals("h2 is on fire", row.faultDetails, "for administrators");
    }
}
