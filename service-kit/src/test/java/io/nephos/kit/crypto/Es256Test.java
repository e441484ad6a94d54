package io.nephos.kit.crypto;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Es256Test {
    private final Random random = new Random(1);

    @Test
    void aSignatureIsOneThatTheJdkTakes() throws GeneralSecurityException {
        takes(Libcrypto.loaded());
    }

    @Test
    void aMachineWithoutLibcryptoSignsAsWell() throws GeneralSecurityException {
        takes(Optional.empty());
    }

    private void takes(Optional<Libcrypto> library) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        Es256 signer = new Es256(keys.getPrivate(), library);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(1000)];
            random.nextBytes(bytes);
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(keys.getPublic());
            check.update(bytes);
            assertTrue(check.verify(signer.sign(bytes)));
        }
    }
}
