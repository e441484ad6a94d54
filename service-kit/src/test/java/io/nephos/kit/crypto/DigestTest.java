package io.nephos.kit.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestTest {
    private final Random random = new Random(1);

    @Test
    void aDigestIsWhatTheJdkSays() throws GeneralSecurityException {
        agrees(Libcrypto.loaded());
    }

    @Test
    void aMachineWithoutLibcryptoDigestsAsWell() throws GeneralSecurityException {
        agrees(Optional.empty());
    }

    private void agrees(Optional<Libcrypto> library) throws GeneralSecurityException {
        for (String algorithm : new String[] {"MD5", "SHA-512"}) {
            for (int parts = 0; parts < 20; parts++) {
                MessageDigest expected = MessageDigest.getInstance(algorithm);
                Digest digest = new Digest(algorithm, library);
                for (int i = 0; i < parts; i++) {
                    byte[] bytes = new byte[random.nextInt(10_000)];
                    random.nextBytes(bytes);
                    expected.update(bytes);
                    digest.update(
                            ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
                }
                assertEquals(HexFormat.of().formatHex(expected.digest()), digest.hex());
            }
        }
    }
}
