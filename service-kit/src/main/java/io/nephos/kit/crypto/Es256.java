package io.nephos.kit.crypto;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import org.jose4j.jws.EcdsaUsingShaAlgorithm;

/**
 * Signs by a key on the curve P-256 as ES256 of RFC 7518 has it. By libcrypto, which takes a tenth of the JDK's time, or by the
 * JDK where that is not there. For any number of threads.
 */
public final class Es256 {
    private static final int LENGTH = 64;
    /** Of a signature in ASN.1. */
    private static final int MOST = 72;

    private final PrivateKey key;
    private final Optional<Libcrypto> library;
    private final MemorySegment nativeKey;

    public Es256(PrivateKey key) {
        this(key, Libcrypto.loaded());
    }

    Es256(PrivateKey key, Optional<Libcrypto> library) {
        this.key = key;
        this.nativeKey = library.map(one -> one.privateKey(key.getEncoded())).orElse(MemorySegment.NULL);
        this.library = library.filter(one -> !nativeKey.equals(MemorySegment.NULL));
    }

    /** R and S, {@value #LENGTH} bytes in all. */
    public byte[] sign(byte[] bytes) {
        try {
            byte[] signature = new byte[MOST];
            int length =
                    library.map(one -> one.sign(nativeKey, bytes, signature)).orElse(0);
            return length == 0
                    ? signInJava(bytes)
                    : EcdsaUsingShaAlgorithm.convertDerToConcatenated(Arrays.copyOf(signature, length), LENGTH);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("The key does not sign", e);
        }
    }

    private byte[] signInJava(byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
    }
}
