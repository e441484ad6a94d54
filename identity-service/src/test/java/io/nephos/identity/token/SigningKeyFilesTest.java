package io.nephos.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyFilesTest {
    private static final Duration SETTLING = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    @TempDir
    Path directory;

    private final Ticking clock = new Ticking();

    @Test
    void aNewKeyIsKnownToAllBeforeItSigns() throws IOException, JoseException {
        put("a", START);
        SigningKeyFiles files = files(Optional.empty());
        assertEquals("a", files.current().getKeyId());
        clock.now = START.plusSeconds(100);
        put("b", clock.now);
        clock.now = clock.now.plusSeconds(11);
        assertEquals("a", files.current().getKeyId());
        assertTrue(files.publicKeys().contains("\"b\""));
        assertFalse(files.publicKeys().contains("\"d\""), "a private part is out");
        clock.now = clock.now.plusSeconds(50);
        assertEquals("b", files.current().getKeyId());
        assertTrue(files.find("a").isPresent());
    }

    @Test
    void aKeyThatIsBeingWrittenIsLeftOutUntilItIsWhole() throws IOException, JoseException {
        put("a", START);
        SigningKeyFiles files = files(Optional.empty());
        Path half = Files.writeString(directory.resolve("b.jwk"), "{\"kty\": \"EC\", ");
        Files.setLastModifiedTime(half, FileTime.from(START));
        clock.now = START.plusSeconds(100);
        assertEquals("a", files.current().getKeyId());
        put("b", START);
        clock.now = START.plusSeconds(111);
        assertEquals("b", files.current().getKeyId());
        Files.writeString(half, "");
        clock.now = START.plusSeconds(122);
        assertEquals(
                "b", files.current().getKeyId(), "a key that was good is not forgotten for what became of its file");
    }

    @Test
    void theFirstKeyOfAllSignsAtOnce() throws IOException, JoseException {
        put("a", START);
        put("b", START);
        assertEquals("a", files(Optional.empty()).current().getKeyId());
    }

    @Test
    void keysFollowEachOtherByThemselvesAndGoWhenNoTokenOfTheirsCanBeRead() throws IOException, JoseException {
        put("0-a", START);
        SigningKeyFiles files = files(Optional.of(Duration.ofDays(10)));
        clock.now = START.plus(Duration.ofDays(9));
        files.current();
        assertEquals(1, count());
        clock.now = START.plus(Duration.ofDays(10)).plusSeconds(1);
        files.current();
        assertEquals(2, count());
        stamp(clock.now);
        clock.now = clock.now.plus(SETTLING).plusSeconds(11);
        assertFalse(files.current().getKeyId().equals("0-a"));
        assertTrue(files.find("0-a").isPresent());
        clock.now = clock.now.plus(Duration.ofHours(50));
        files.current();
        assertEquals(1, count());
        assertTrue(files.find("0-a").isEmpty());
    }

    private SigningKeyFiles files(Optional<Duration> rotation) {
        SigningKeyFiles files = new SigningKeyFiles(directory, SETTLING, rotation, Duration.ofHours(1), clock);
        files.publicKeys();
        return files;
    }

    private void put(String id, Instant since) throws IOException, JoseException {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        Path file = Files.writeString(directory.resolve(id + ".jwk"), key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
        Files.setLastModifiedTime(file, FileTime.from(since));
    }

    /** What the file system does with its own clock, for the files that were made by the code. */
    private void stamp(Instant since) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(one -> !one.endsWith("a.jwk")).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(since));
            }
        }
    }

    private int count() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return List.copyOf(files.toList()).size();
        }
    }

    private static final class Ticking extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
