package io.nephos.network.ipam;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Ethernet addresses, lower case with colons. */
public final class MacAddress {
    private static final String GUEST_PREFIX = "fa:16:3e";
    private static final String METADATA_PREFIX = "fa:16:3f";

    private MacAddress() {}

    public static Optional<String> parse(String text) {
        String mac = text.toLowerCase(Locale.ROOT).replace('-', ':');
        return mac.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}") ? Optional.of(mac) : Optional.empty();
    }

    public static String random(RandomGenerator random) {
        return GUEST_PREFIX + tail(random.nextInt());
    }

    /** That of the metadata service on a network: the hosts' agents derive the same one. */
    public static String ofMetadata(String networkId) {
        return METADATA_PREFIX + tail(digest(networkId));
    }

    /** That of the DHCP server on a subnet, the same on every host. */
    public static String ofDhcp(String subnetId) {
        return GUEST_PREFIX + tail(digest(subnetId));
    }

    /** The address that a host with that MAC gives itself in the prefix (RFC 4291, modified EUI-64). */
    public static IpAddress eui64(Cidr prefix, String mac) {
        String[] bytes = mac.split(":");
        int first = Integer.parseInt(bytes[0], 16) ^ 2;
        String identifier =
                String.format("%02x", first) + bytes[1] + bytes[2] + "fffe" + bytes[3] + bytes[4] + bytes[5];
        return new IpAddress(6, prefix.network().value().or(new BigInteger(identifier, 16)));
    }

    private static String tail(int bits) {
        return String.format(":%02x:%02x:%02x", (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
    }

    private static int digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return (hash[0] & 255) << 16 | (hash[1] & 255) << 8 | (hash[2] & 255);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
