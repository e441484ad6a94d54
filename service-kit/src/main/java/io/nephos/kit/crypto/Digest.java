package io.nephos.kit.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Digests many bytes that lie outside the heap. By libcrypto, which reads them where they lie and takes a sixth less than the
 * JDK for SHA-512, or by the JDK where that is not there. For one thread at a time.
 */
public final class Digest {
    private final Optional<Libcrypto> library;
    private final MemorySegment context;
    private final MessageDigest java;

    /** @param algorithm as the JDK names it: "SHA-512", "MD5" */
    public Digest(String algorithm) {
        this(algorithm, Libcrypto.loaded());
    }

    Digest(String algorithm, Optional<Libcrypto> library) {
        this.java = inJava(algorithm);
        this.context = library.map(one -> one.digest(algorithm)).orElse(MemorySegment.NULL);
        this.library = library.filter(one -> !context.equals(MemorySegment.NULL));
    }

    /** All that remains of a direct buffer, whose position may move. */
    public void update(ByteBuffer bytes) {
        library.ifPresentOrElse(one -> one.update(context, MemorySegment.ofBuffer(bytes)), () -> java.update(bytes));
    }

    /** The digest in hexadecimal; nothing can be added after that. */
    public String hex() {
        byte[] result = new byte[java.getDigestLength()];
        library.ifPresentOrElse(one -> one.finish(context, result), () -> {
            byte[] own = java.digest();
            System.arraycopy(own, 0, result, 0, own.length);
        });
        return HexFormat.of().formatHex(result);
    }

    private static MessageDigest inJava(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(algorithm, e);
        }
    }
}
