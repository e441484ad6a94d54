package io.nephos.identity.credential;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** How secrets of application credentials are kept: PBKDF2 with HMAC-SHA-512, a salt each, "salt.hash" in base 64. */
public final class SecretHash {
    private static final int ITERATIONS = 25_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The hash of a secret that nobody knows, to compare with when there is no credential. */
    public static final String NOBODYS = of(random());

    private SecretHash() {}

    /** A new secret of 512 bits. */
    static String random() {
        byte[] bytes = new byte[64];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String of(String secret) {
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        Base64.Encoder encoder = Base64.getEncoder();
        return encoder.encodeToString(salt) + "." + encoder.encodeToString(derive(secret, salt));
    }

    public static boolean matches(String secret, String kept) {
        String[] parts = kept.split("\\.", -1);
        Base64.Decoder decoder = Base64.getDecoder();
        return MessageDigest.isEqual(derive(secret, decoder.decode(parts[0])), decoder.decode(parts[1]));
    }

    private static byte[] derive(String secret, byte[] salt) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(new PBEKeySpec(secret.toCharArray(), salt, ITERATIONS, 256))
                    .getEncoded();
        } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
            throw new IllegalStateException(e);
        }
    }
}
