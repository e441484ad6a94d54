package io.nephos.compute.keypair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class OpenSshKeyTest {
    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@host";

    @Test
    void aPublicKeyIsReadAndHasTheFingerprintThatOpenSshPrints() {
        OpenSshKey key = OpenSshKey.parse(ED25519).orElseThrow();
        assertEquals(ED25519, key.line());
        assertEquals("65:96:2d:fc:e8:d5:a9:11:64:0c:0f:ea:00:6e:5b:bd", key.fingerprint());
    }

    @Test
    void whatIsNoKeyIsNotRead() {
        for (String line : new String[] {
            "", "ssh-rsa", "ssh-rsa AAAA", "ssh-rsa !!!!", "ssh-dsa " + ED25519.split(" ")[1], "ssh-rsa //////////8="
        }) {
            assertTrue(OpenSshKey.parse(line).isEmpty(), line);
        }
        assertTrue(OpenSshKey.parse("ssh-rsa " + ED25519.split(" ")[1]).isEmpty(), "the type must be that of the blob");
    }

    @Test
    void aGeneratedKeyIsReadBackAndItsPrivateHalfIsPkcs1() {
        OpenSshKey.Generated generated = OpenSshKey.generate("x");
        OpenSshKey key = OpenSshKey.parse(generated.publicKey().line()).orElseThrow();
        assertArrayEquals(generated.publicKey().blob(), key.blob());
        String body = generated.privateKey().replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        assertEquals(0x30, Base64.getDecoder().decode(body)[0]);
    }
}
