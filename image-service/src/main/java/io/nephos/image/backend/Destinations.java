package io.nephos.image.backend;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses a user may have this service speak to: not this host itself, not those that are good on one link only
 * (where clouds keep their metadata), not groups. What the operator allows is allowed, what he refuses is refused.
 */
final class Destinations {
    private final List<Network> allowed;
    private final List<Network> refused;

    /** Networks as "10.0.0.0/8" or "fd00::/8". IllegalArgumentException for what is none. */
    Destinations(List<String> allowed, List<String> refused) {
        this.allowed = allowed.stream().map(Network::of).toList();
        this.refused = refused.stream().map(Network::of).toList();
    }

    boolean allows(InetAddress address) {
        if (refused.stream().anyMatch(network -> network.holds(address))) {
            return false;
        }
        return allowed.stream().anyMatch(network -> network.holds(address)) || !special(address);
    }

    private static boolean special(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || (bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0))
                || (address instanceof Inet6Address six && carriesIpv4(six));
    }

    /** IPv4 in IPv6's clothes (::a.b.c.d, 64:ff9b::a.b.c.d, 2002:a.b.c.d::) leads a gateway where it likes. */
    private static boolean carriesIpv4(Inet6Address address) {
        byte[] bytes = address.getAddress();
        return address.isIPv4CompatibleAddress()
                || (bytes[0] == 0x20 && bytes[1] == 0x02)
                || (bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xff && bytes[3] == (byte) 0x9b);
    }

    private record Network(InetAddress prefix, int bits) {
        static Network of(String text) {
            String[] parts = text.strip().split("/", 2);
            // Only numbers: a name would be looked up.
            if (!parts[0].matches("[0-9a-fA-F.:]+") || parts.length != 2 || !parts[1].matches("\\d{1,3}")) {
                throw new IllegalArgumentException(text + " is no network as 10.0.0.0/8 is one.");
            }
            try {
                InetAddress prefix = InetAddress.getByName(parts[0]);
                int bits = Integer.parseInt(parts[1]);
                if (bits > prefix.getAddress().length * Byte.SIZE) {
                    throw new IllegalArgumentException(text + " has too many bits.");
                }
                return new Network(prefix, bits);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text + " is no network as 10.0.0.0/8 is one.", e);
            }
        }

        boolean holds(InetAddress address) {
            byte[] own = prefix.getAddress();
            byte[] other = address.getAddress();
            if (own.length != other.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            int rest = bits % Byte.SIZE;
            return Arrays.equals(own, 0, whole, other, 0, whole)
                    && (rest == 0 || ((own[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0);
        }
    }
}
