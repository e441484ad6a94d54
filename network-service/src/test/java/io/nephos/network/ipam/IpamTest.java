package io.nephos.network.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IpamTest {
    private final Random random = new Random(20260101);

    @Test
    void addressesReadBackAsTheyAreWritten() throws UnknownHostException {
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                if (random.nextInt(3) == 0) {
                    bytes[j] = 0;
                }
            }
            IpAddress address = new IpAddress(bytes.length == 4 ? 4 : 6, new BigInteger(1, bytes));
            assertEquals(Optional.of(address), IpAddress.parse(address.toString()), address::toString);
            assertEquals(InetAddress.getByAddress(bytes), InetAddress.ofLiteral(address.toString()));
        }
    }

    @Test
    void ipv6IsWrittenAsRfc5952SaysIt() {
        assertEquals("2001:db8::1", IpAddress.of("2001:0db8:0:0:0:0:0:1").toString());
        assertEquals(
                "2001:db8:0:1:1:1:1:1", IpAddress.of("2001:db8:0:1:1:1:1:1").toString());
        assertEquals("2001:db8::1:0:0:1", IpAddress.of("2001:db8:0:0:1:0:0:1").toString());
        assertEquals("::", IpAddress.of("0:0:0:0:0:0:0:0").toString());
        assertEquals("fe80::", IpAddress.of("fe80::0").toString());
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String text : List.of(
                "", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.", "host", "::g", "fe80::1%eth0", "1:2", "a.b:c")) {
            assertEquals(Optional.empty(), IpAddress.parse(text), text);
        }
        for (String text : List.of("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "x/8", "::/129")) {
            assertEquals(Optional.empty(), Cidr.parse(text), text);
        }
    }

    @Test
    void prefixesOverlapWhenOneHoldsTheOther() {
        for (int i = 0; i < 2000; i++) {
            Cidr a = Cidr.of(new IpAddress(4, new BigInteger(32, random)), 1 + random.nextInt(31));
            Cidr b = Cidr.of(new IpAddress(4, new BigInteger(32, random)), 1 + random.nextInt(31));
            boolean share = a.network().compareTo(b.last()) <= 0 && b.network().compareTo(a.last()) <= 0;
            assertEquals(share, a.overlaps(b), a + " and " + b);
            assertEquals(share, b.overlaps(a), a + " and " + b);
        }
    }

    @Test
    void poolsAroundTheGatewayHoldAllButGatewayNetworkAndBroadcast() {
        for (String text : List.of("10.0.0.0/24", "10.0.0.0/30", "10.0.0.0/29")) {
            Cidr cidr = Cidr.of(text);
            for (long offset = 1; offset < cidr.size().longValue() - 1; offset++) {
                IpAddress gateway = cidr.network().plus(offset);
                List<AddressPool> pools = AddressPool.around(cidr, Optional.of(gateway));
                long size = pools.stream()
                        .mapToLong(pool -> pool.size().longValue())
                        .sum();
                assertEquals(cidr.size().longValue() - 3, size, text + " without " + gateway);
                assertTrue(pools.stream().noneMatch(pool -> pool.contains(gateway)));
            }
        }
        assertEquals(
                "[2001:db8::2-2001:db8::ffff:ffff:ffff:ffff]",
                AddressPool.around(Cidr.of("2001:db8::/64"), Optional.of(IpAddress.of("2001:db8::1")))
                        .toString());
        assertEquals(
                "[10.0.0.0-10.0.0.1]",
                AddressPool.around(Cidr.of("10.0.0.0/31"), Optional.empty()).toString());
    }

    @Test
    void everyAddressOfAPoolIsGivenOnceAndThenNone() {
        List<AddressPool> pools = List.of(AddressPool.of("10.0.0.2-10.0.0.9"), AddressPool.of("10.0.0.250-10.0.0.254"));
        Set<IpAddress> taken = new HashSet<>();
        for (int i = 0; i < 13; i++) {
            IpAddress address = AddressPool.choose(pools, taken, random).orElseThrow();
            assertTrue(pools.stream().anyMatch(pool -> pool.contains(address)), address::toString);
            assertTrue(taken.add(address), address::toString);
        }
        assertEquals(Optional.empty(), AddressPool.choose(pools, taken, random));
    }

    @Test
    void aHostNamesItselfByItsMac() {
        assertEquals(
                "2001:db8::f816:3eff:fe11:2233",
                MacAddress.eui64(Cidr.of("2001:db8::/64"), "fa:16:3e:11:22:33").toString());
    }

    @Test
    void macsAreNormalisedOrRefused() {
        assertEquals(Optional.of("fa:16:3e:aa:bb:cc"), MacAddress.parse("FA-16-3E-AA-BB-CC"));
        assertEquals(Optional.empty(), MacAddress.parse("fa:16:3e:aa:bb"));
        assertTrue(MacAddress.random(random).matches("fa:16:3e(:[0-9a-f]{2}){3}"));
        assertEquals("fa:16:3f:ba:78:16", MacAddress.ofMetadata("abc"));
    }

    @Test
    void theNetworkAndBroadcastAddressesAreForNobody() {
        Cidr cidr = Cidr.of("192.168.1.0/24");
        assertFalse(cidr.usable(IpAddress.of("192.168.1.0")));
        assertFalse(cidr.usable(IpAddress.of("192.168.1.255")));
        assertFalse(cidr.usable(IpAddress.of("192.168.2.1")));
        assertTrue(cidr.usable(IpAddress.of("192.168.1.254")));
        assertTrue(Cidr.of("192.168.1.0/31").usable(IpAddress.of("192.168.1.0")));
    }
}
