package io.nephos.network.ipam;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** An IPv4 or IPv6 address; its text is the canonical one (RFC 5952 for IPv6). */
public record IpAddress(int version, BigInteger value) implements Comparable<IpAddress> {
    private static final Comparator<IpAddress> ORDER =
            Comparator.comparingInt(IpAddress::version).thenComparing(IpAddress::value);
    private static final Pattern V4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    /** Empty when the text is no address; names are never looked up. */
    public static Optional<IpAddress> parse(String text) {
        if (V4.matcher(text).matches()) {
            BigInteger value = BigInteger.ZERO;
            for (String part : text.split("\\.")) {
                value = value.shiftLeft(8).or(BigInteger.valueOf(Integer.parseInt(part)));
            }
            return Optional.of(new IpAddress(4, value));
        }
        if (text.indexOf(':') < 0 || !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Inet6Address.ofLiteral(text) instanceof Inet6Address address
                    ? Optional.of(new IpAddress(6, new BigInteger(1, address.getAddress())))
                    : Optional.empty();
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    /** An address that is known to be well-formed. */
    public static IpAddress of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("Not an address: " + text));
    }

    public int bits() {
        return version == 4 ? 32 : 128;
    }

    public IpAddress plus(long offset) {
        return new IpAddress(version, value.add(BigInteger.valueOf(offset)));
    }

    @Override
    public int compareTo(IpAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        if (version == 4) {
            int bits = value.intValue();
            return ((bits >>> 24) & 255) + "." + ((bits >>> 16) & 255) + "." + ((bits >>> 8) & 255) + "."
                    + (bits & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = value.shiftRight(16 * (7 - i)).intValue() & 0xffff;
        }
        return compressed(groups);
    }

    private static String compressed(int[] groups) {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = i;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
