package io.nephos.identity.credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialCipherTest {
    @TempDir
    Path directory;

    @Test
    void whatIsSealedIsNotReadableAndOpensForItsOwnRowOnly() {
        CredentialCipher cipher = started();
        String sealed = cipher.seal("row", "a secret");
        assertFalse(sealed.contains("secret"));
        assertNotEquals(sealed, cipher.seal("row", "a secret"));
        assertEquals("a secret", cipher.open("row", sealed));
        assertThrows(IllegalStateException.class, () -> cipher.open("another row", sealed));
    }

    @Test
    void aNewerKeySealsAndTheOlderStillOpens() throws IOException {
        CredentialCipher cipher = started();
        String before = cipher.seal("row", "old");
        Files.writeString(directory.resolve("99991231T000000-new.key"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        CredentialCipher other = started();
        String after = other.seal("row", "new");
        assertEquals("99991231T000000-new", after.substring(0, after.indexOf(':')));
        assertEquals("old", other.open("row", before));
        // A replica that started earlier finds the new key when it meets it.
        assertEquals("new", cipher.open("row", after));
    }

    @Test
    void theKeyIsTheServicesOwn() throws IOException {
        started();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> keys = files.toList();
            assertEquals(1, keys.size());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.getFirst())));
        }
    }

    private CredentialCipher started() {
        CredentialCipher cipher = new CredentialCipher(directory.toString());
        cipher.start(new StartupEvent());
        return cipher;
    }
}
