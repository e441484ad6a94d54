package io.nephos.image.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** SHA-512 and MD5 of the same bytes, each on a core of its own. */
final class Digests {
    private final MessageDigest sha512 = of("SHA-512");
    private final MessageDigest md5 = of("MD5");
    private final ExecutorService aside;

    Digests(ExecutorService aside) {
        this.aside = aside;
    }

    /** Both when it returns; {@code meanwhile} runs while the other core still counts. */
    void update(byte[] bytes, int length) {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> md5.update(bytes, 0, length), aside);
        sha512.update(bytes, 0, length);
        other.join();
    }

    String sha512() {
        return HexFormat.of().formatHex(sha512.digest());
    }

    String md5() {
        return HexFormat.of().formatHex(md5.digest());
    }

    private static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
