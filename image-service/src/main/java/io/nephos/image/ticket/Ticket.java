package io.nephos.image.ticket;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The right of one host to download one image until a time. */
record Ticket(String imageId, String host, Instant expiresAt) {
    private static final Base64.Encoder WRITE = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder READ = Base64.getUrlDecoder();

    /** As the host presents it: readable, and not to be forged without the key. */
    String sign(byte[] key) {
        String content = WRITE.encodeToString(
                (imageId + "\n" + expiresAt.getEpochSecond() + "\n" + host).getBytes(StandardCharsets.UTF_8));
        return content + "." + WRITE.encodeToString(seal(key, content));
    }

    /** What the key has signed; empty for anything else, and for what has expired. */
    static Optional<Ticket> read(String token, byte[] key, Instant now) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        try {
            String content = token.substring(0, dot);
            if (!MessageDigest.isEqual(seal(key, content), READ.decode(token.substring(dot + 1)))) {
                return Optional.empty();
            }
            String[] parts = new String(READ.decode(content), StandardCharsets.UTF_8).split("\n", 3);
            Ticket ticket = new Ticket(parts[0], parts[2], Instant.ofEpochSecond(Long.parseLong(parts[1])));
            return Optional.of(ticket).filter(good -> good.expiresAt().isAfter(now));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] seal(byte[] key, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
