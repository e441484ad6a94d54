package io.nephos.compute.server;

/** The text of an IPv6 address as RFC 5952 has it. Pure. */
final class Ipv6 {
    private Ipv6() {}

    /** {@code bytes}: 16, or the 4 that Java makes of a mapped IPv4 address. */
    static String canonical(byte[] bytes) {
        int[] groups = new int[8];
        int offset = 16 - bytes.length;
        if (bytes.length == 4) {
            groups[5] = 0xffff;
        }
        for (int at = 0; at < bytes.length; at++) {
            int place = at + offset;
            groups[place / 2] |= (bytes[at] & 0xff) << (place % 2 == 0 ? 8 : 0);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - start > bestLength) {
                bestStart = start;
                bestLength = end - start;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < 8; at++) {
            if (at == bestStart) {
                text.append("::");
                at += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[at]));
        }
        return text.toString();
    }
}
