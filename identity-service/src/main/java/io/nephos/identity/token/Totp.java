package io.nephos.identity.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based passcodes (RFC 6238): six digits, HMAC-SHA-1, periods of thirty seconds, of which the last is good too. */
final class Totp {
    private static final long PERIOD = 30;
    private static final int BITS = 5;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totp() {}

    /** The period for which the passcode is; empty when it is of neither, or when the secret is not base 32. */
    static OptionalLong period(String secret, String passcode, Instant now) {
        Optional<byte[]> key = decoded(secret);
        if (key.isEmpty()) {
            return OptionalLong.empty();
        }
        long period = Math.floorDiv(now.getEpochSecond(), PERIOD);
        boolean current = equal(passcode(key.get(), period), passcode);
        boolean last = equal(passcode(key.get(), period - 1), passcode);
        return current ? OptionalLong.of(period) : last ? OptionalLong.of(period - 1) : OptionalLong.empty();
    }

    /** The one of that moment. NoSuchElementException for a secret that is not base 32. */
    static String passcode(String secret, Instant now) {
        return passcode(decoded(secret).orElseThrow(), Math.floorDiv(now.getEpochSecond(), PERIOD));
    }

    private static boolean equal(String right, String shown) {
        return MessageDigest.isEqual(right.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    private static String passcode(byte[] key, long period) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            int number = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & 0x7fff_ffff;
            return String.format(Locale.ROOT, "%06d", number % 1_000_000);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 4648, padded or not, in either case. */
    private static Optional<byte[]> decoded(String text) {
        String digits = text.strip().replaceAll("=+$", "").toUpperCase(Locale.ROOT);
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(digits.length() * BITS / Byte.SIZE);
        int held = 0;
        int bits = 0;
        for (int i = 0; i < digits.length(); i++) {
            int value = ALPHABET.indexOf(digits.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            held = ((held << BITS) | value) & 0xfff;
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                bytes.put((byte) (held >> bits));
            }
        }
        return bytes.position() == 0 ? Optional.empty() : Optional.of(bytes.array());
    }
}
