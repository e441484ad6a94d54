package io.nephos.identity.credential;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * AES-256-GCM for what must be kept and given back: the blobs of credentials, passwords in domain configurations. A key a
 * file, {@code <key id>.key}, 32 bytes in base 64, mode 0600, in {@code nephos.identity.credential-keys}. The newest by
 * name encrypts, all decrypt. The first is made at the first start. A text is bound to the row it belongs to.
 */
@ApplicationScoped
public class CredentialCipher {
    private static final String SUFFIX = ".key";
    private static final int NONCE = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Path directory;
    private volatile NavigableMap<String, SecretKey> keys = new TreeMap<>();

    @Inject
    public CredentialCipher(@ConfigProperty(name = "nephos.identity.credential-keys") String directory) {
        // The default goes up from a directory that may not be there yet.
        this.directory = Path.of(directory).normalize();
    }

    void start(@Observes StartupEvent event) {
        load();
        if (keys.isEmpty()) {
            generate();
            load();
        }
    }

    /** {@code owner} names the row; the text can be opened with the same name only. */
    public String seal(String owner, String text) {
        NavigableMap<String, SecretKey> now = keys;
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] sealed = run(
                Cipher.ENCRYPT_MODE, now.lastEntry().getValue(), nonce, owner, text.getBytes(StandardCharsets.UTF_8));
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return now.lastKey() + ":" + Base64.getEncoder().encodeToString(all);
    }

    /** IllegalStateException when its key is not there, or it was changed or belongs to another row. */
    public String open(String owner, String sealed) {
        int colon = sealed.indexOf(':');
        String keyId = sealed.substring(0, Math.max(0, colon));
        if (!keys.containsKey(keyId)) {
            load();
        }
        SecretKey key = keys.get(keyId);
        if (key == null) {
            throw new IllegalStateException("The credential key " + keyId + " is not in " + directory);
        }
        byte[] all = Base64.getDecoder().decode(sealed.substring(colon + 1));
        return new String(
                run(
                        Cipher.DECRYPT_MODE,
                        key,
                        Arrays.copyOf(all, NONCE),
                        owner,
                        Arrays.copyOfRange(all, NONCE, all.length)),
                StandardCharsets.UTF_8);
    }

    private static byte[] run(int mode, SecretKey key, byte[] nonce, String owner, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(128, nonce));
            cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The secret of " + owner + " cannot be sealed or opened", e);
        }
    }

    private synchronized void load() {
        if (!Files.exists(directory)) {
            return;
        }
        NavigableMap<String, SecretKey> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(SUFFIX)).toList()) {
                String name = file.getFileName().toString();
                byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
                all.put(name.substring(0, name.length() - SUFFIX.length()), new SecretKeySpec(key, "AES"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The credential keys in " + directory + " cannot be read", e);
        }
        keys = all;
    }

    private void generate() {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            byte[] key = new byte[32];
            RANDOM.nextBytes(key);
            Path part = Files.createTempFile(
                    directory,
                    "new",
                    ".part",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, Base64.getEncoder().encodeToString(key));
            String id = STAMP.format(Instant.now()) + "-" + Integer.toHexString(RANDOM.nextInt());
            Files.move(part, directory.resolve(id + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("A credential key cannot be kept in " + directory, e);
        }
    }
}
