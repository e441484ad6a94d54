package io.nephos.identity.ec2;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two keyed hashes of Amazon's signatures, and the derivation of a version 4 key. */
final class Hmac {
    private Hmac() {}

    static byte[] sha1(String key, byte[] text) {
        return hash("HmacSHA1", bytes(key), text);
    }

    static byte[] sha256(byte[] key, String text) {
        return hash("HmacSHA256", key, bytes(text));
    }

    static byte[] sha256(byte[] key, byte[] text) {
        return hash("HmacSHA256", key, text);
    }

    /** The key of version 4 for that day, region and service. */
    static byte[] signingKey(String secret, String day, String region, String service) {
        return sha256(sha256(sha256(sha256(bytes("AWS4" + secret), day), region), service), "aws4_request");
    }

    static String hexDigest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In time that does not depend on where they differ. */
    static boolean equal(String one, String other) {
        return MessageDigest.isEqual(bytes(one), bytes(other));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hash(String algorithm, byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            // A key of no bytes is refused by SecretKeySpec; one zero byte means the same to HMAC.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, algorithm));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
