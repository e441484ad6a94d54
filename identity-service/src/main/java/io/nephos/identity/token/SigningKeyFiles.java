package io.nephos.identity.token;

import io.nephos.kit.token.SigningKeys;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * The ES256 keys that tokens are signed with: one private JWK a file, {@code <key id>.jwk}, mode 0600, in
 * {@code nephos.identity.signing-keys}. The newest by name signs, all verify; putting a newer file there rotates, removing
 * an old one forgets it. The first is made at the first start.
 */
@ApplicationScoped
public class SigningKeyFiles implements SigningKeys {
    private static final String SUFFIX = ".jwk";
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration AGE = Duration.ofSeconds(10);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Path directory;
    private volatile List<PublicJsonWebKey> keys = List.of();
    private volatile Instant read = Instant.EPOCH;

    @Inject
    public SigningKeyFiles(@ConfigProperty(name = "nephos.identity.signing-keys") String directory) {
        this.directory = Path.of(directory);
    }

    void start(@Observes StartupEvent event) {
        load();
        if (keys.isEmpty()) {
            generate();
            load();
        }
    }

    @Override
    public Optional<JsonWebKey> find(String keyId) {
        Optional<JsonWebKey> known = among(keyId);
        if (known.isEmpty() && read.plus(PAUSE).isBefore(Instant.now())) {
            load();
            return among(keyId);
        }
        return known;
    }

    private Optional<JsonWebKey> among(String keyId) {
        return keys.stream()
                .filter(key -> keyId.equals(key.getKeyId()))
                .map(key -> (JsonWebKey) key)
                .findFirst();
    }

    /** The private key to sign with now. */
    PublicJsonWebKey current() {
        if (read.plus(AGE).isBefore(Instant.now())) {
            load();
        }
        return keys.getLast();
    }

    /** RFC 7517, public parts only. */
    public String publicKeys() {
        return new JsonWebKeySet(keys).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private synchronized void load() {
        try (Stream<Path> files = Files.list(directory)) {
            keys = files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .map(SigningKeyFiles::readKey)
                    .toList();
            read = Instant.now();
        } catch (IOException e) {
            if (keys.isEmpty() && Files.exists(directory)) {
                throw new UncheckedIOException("The signing keys in " + directory + " cannot be read", e);
            }
        }
    }

    private static PublicJsonWebKey readKey(Path file) {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(Files.readString(file));
        } catch (IOException | JoseException e) {
            throw new IllegalStateException("The signing key " + file + " cannot be read", e);
        }
    }

    private void generate() {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(STAMP.format(Instant.now()) + "-"
                    + UUID.randomUUID().toString().substring(0, 8));
            Path part = Files.createTempFile(
                    directory,
                    "new",
                    ".part",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
            Files.move(part, directory.resolve(key.getKeyId() + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("A signing key cannot be kept in " + directory, e);
        } catch (JoseException e) {
            throw new IllegalStateException("A signing key cannot be made", e);
        }
    }
}
