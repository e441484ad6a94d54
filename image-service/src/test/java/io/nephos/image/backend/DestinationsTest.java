package io.nephos.image.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.FaultException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationsTest {
    private final Destinations usual = new Destinations(List.of(), List.of());

    @Test
    void thisHostItsLinksAndGroupsAreRefusedHoweverTheyAreSpelt() throws UnknownHostException {
        for (String address : List.of(
                "127.0.0.1",
                "127.255.0.9",
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::")) {
            assertFalse(usual.allows(InetAddress.getByName(address)), address);
        }
        for (String address : List.of("192.0.2.1", "10.1.2.3", "2001:db8::1", "fd00::1")) {
            assertTrue(usual.allows(InetAddress.getByName(address)), address);
        }
    }

    @Test
    void anAddressInDisguiseIsNoAddress() {
        WebSource web = new WebSource(List.of(80), Optional.empty(), Optional.empty());
        for (String host : List.of("2130706433", "017700000001", "0177.0.0.01", "127.1", "192.0.2.01", "127.0.0.1")) {
            assertThrows(FaultException.class, () -> web.checked("http://" + host + "/"), host);
        }
        assertEquals("192.0.2.1", web.checked("http://192.0.2.1/").getHost());
    }

    @Test
    void theOperatorAllowsAndRefusesNetworks() throws UnknownHostException {
        Destinations own = new Destinations(List.of("127.0.0.0/30", "::1/128"), List.of("10.0.0.0/8", "192.0.2.77/32"));
        assertTrue(own.allows(InetAddress.getByName("127.0.0.3")));
        assertFalse(own.allows(InetAddress.getByName("127.0.0.4")));
        assertTrue(own.allows(InetAddress.getByName("::1")));
        assertFalse(own.allows(InetAddress.getByName("10.255.0.1")));
        assertTrue(own.allows(InetAddress.getByName("11.0.0.1")));
        assertFalse(own.allows(InetAddress.getByName("192.0.2.77")));
        assertTrue(own.allows(InetAddress.getByName("192.0.2.76")));
        for (String bad : List.of("localhost/8", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/x", "")) {
            assertThrows(IllegalArgumentException.class, () -> new Destinations(List.of(bad), List.of()), bad);
        }
    }
}
