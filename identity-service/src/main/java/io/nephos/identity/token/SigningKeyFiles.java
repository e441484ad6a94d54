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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * The ES256 keys that tokens are signed with: one private JWK a file, {@code <key id>.jwk}, mode 0600, in
 * {@code nephos.identity.signing-keys}. All verify. The newest by name signs once it has been there for
 * {@code nephos.identity.key-settling} seconds, in which every service has heard of it (they ask at least every fifteen
 * seconds, and this looks at least every ten); so putting a newer file there rotates without a refused token. One that cannot
 * be read, because it is being written, is left out until it can. Removing one forgets it: not before the last token that it
 * signed has expired. The first is made at the first start, later ones every {@code nephos.identity.key-rotation-days} where
 * that is set, and then those are removed that have been followed for longer than a token can be read.
 */
@ApplicationScoped
public class SigningKeyFiles implements SigningKeys {
    private static final String SUFFIX = ".jwk";
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration AGE = Duration.ofSeconds(10);
    private static final int LOOKS_WHILE_SETTLING = 4;
    private static final Logger LOG = Logger.getLogger(SigningKeyFiles.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final Duration settling;
    private final Duration age;
    private final Optional<Duration> rotation;
    private final Duration retirement;
    private final Clock clock;
    private volatile List<Key> keys = List.of();
    private volatile Instant read = Instant.EPOCH;
    private final AtomicBoolean refreshing = new AtomicBoolean();

    private record Key(PublicJsonWebKey key, Path file, Instant since) {}

    @Inject
    public SigningKeyFiles(
            @ConfigProperty(name = "nephos.identity.signing-keys") String directory,
            @ConfigProperty(name = "nephos.identity.key-settling", defaultValue = "60") long settlingSeconds,
            @ConfigProperty(name = "nephos.identity.key-rotation-days") Optional<Long> rotationDays,
            @ConfigProperty(name = "nephos.identity.token-lifetime") long lifetimeSeconds) {
        this(
                Path.of(directory),
                Duration.ofSeconds(settlingSeconds),
                rotationDays.map(Duration::ofDays),
                Duration.ofSeconds(lifetimeSeconds),
                Clock.systemUTC());
    }

    SigningKeyFiles(Path directory, Duration settling, Optional<Duration> rotation, Duration lifetime, Clock clock) {
        this.directory = directory;
        this.settling = settling;
        Duration part = settling.dividedBy(LOOKS_WHILE_SETTLING);
        this.age = part.compareTo(AGE) < 0 ? part : AGE;
        this.rotation = rotation;
        this.retirement = settling.plus(lifetime).plus(TokenResource.EXPIRED_WINDOW);
        this.clock = clock;
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
        if (known.isEmpty() && read.plus(PAUSE).isBefore(clock.instant())) {
            load();
            return among(keyId);
        }
        return known;
    }

    private Optional<JsonWebKey> among(String keyId) {
        return keys.stream()
                .filter(one -> keyId.equals(one.key().getKeyId()))
                .map(one -> (JsonWebKey) one.key())
                .findFirst();
    }

    /** The private key to sign with now. */
    PublicJsonWebKey current() {
        refresh();
        Instant settled = clock.instant().minus(settling);
        List<Key> all = keys;
        return all.reversed().stream()
                .filter(one -> !one.since().isAfter(settled))
                .findFirst()
                .orElse(all.getFirst())
                .key();
    }

    /** RFC 7517, public parts only. */
    public String publicKeys() {
        refresh();
        return new JsonWebKeySet(keys.stream().map(Key::key).toList()).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private void refresh() {
        if (stale() && refreshing.compareAndSet(false, true)) {
            try {
                load();
                rotation.ifPresent(this::rotate);
            } finally {
                refreshing.set(false);
            }
        }
    }

    private boolean stale() {
        return read.plus(age).isBefore(clock.instant());
    }

    private synchronized void rotate(Duration period) {
        Instant now = clock.instant();
        List<Key> all = keys;
        if (all.isEmpty() || !all.getLast().since().plus(period).isAfter(now)) {
            generate();
            LOG.info("A new signing key was made");
        }
        // The one that follows tells since when a key has signed nothing.
        for (int i = 0; i + 1 < all.size(); i++) {
            if (all.get(i + 1).since().plus(retirement).isBefore(now)) {
                try {
                    Files.deleteIfExists(all.get(i).file());
                } catch (IOException e) {
                    LOG.warnf("An old signing key cannot be removed: %s", e.getMessage());
                }
            }
        }
        load();
    }

    private synchronized void load() {
        try (Stream<Path> files = Files.list(directory)) {
            keys = files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .flatMap(file -> readKey(file).stream())
                    .toList();
            read = clock.instant();
        } catch (IOException e) {
            if (keys.isEmpty() && Files.exists(directory)) {
                throw new UncheckedIOException("The signing keys in " + directory + " cannot be read", e);
            }
        }
    }

    /** At the start each must be readable: without one of them the tokens that it signed would be refused. */
    private Optional<Key> readKey(Path file) {
        try {
            return Optional.of(new Key(
                    PublicJsonWebKey.Factory.newPublicJwk(Files.readString(file)),
                    file,
                    Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException | JoseException e) {
            if (read.equals(Instant.EPOCH)) {
                throw new IllegalStateException("The signing key " + file + " cannot be read", e);
            }
            LOG.warnf("The signing key %s cannot be read yet", file.getFileName());
            return keys.stream().filter(known -> known.file().equals(file)).findFirst();
        }
    }

    private void generate() {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(STAMP.format(clock.instant()) + "-"
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
