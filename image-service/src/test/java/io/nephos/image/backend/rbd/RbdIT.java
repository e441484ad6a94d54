package io.nephos.image.backend.rbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.BackendSettings;
import io.nephos.rbd.Ceph;
import io.nephos.rbd.RbdSnapshot;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Images in a real Ceph cluster; skipped, saying so, where Debian's ceph packages are not installed. */
class RbdIT {
    private static final int CHUNK = 256 * 1024;
    private static Ceph ceph;
    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        assumeTrue(Ceph.installed(), "ceph-mon, ceph-osd and ceph-common are not installed here");
        ceph = Ceph.start();
    }

    @AfterAll
    static void end() {
        if (ceph != null) {
            ceph.close();
        }
    }

    @Test
    void whatIsWrittenIsReadFromAnyByteOnAndZerosTakeNoRoom() throws IOException {
        Backend backend = backend(ceph.configuration());
        byte[] bytes = random(90_000_001);
        Arrays.fill(bytes, 10_000_000, 80_000_000, (byte) 0);
        write(backend, bytes);
        assertArrayEquals(bytes, read(backend, 0));
        assertArrayEquals(Arrays.copyOfRange(bytes, 80_123_456, bytes.length), read(backend, 80_123_456));
        assertEquals(0, read(backend, bytes.length).length);
        assertTrue(ceph.rbd("info", "images/" + key + "@snap").contains("protected: True"));
        String used = ceph.rbd("du", "--format", "json", "images/" + key + "@snap");
        assertTrue(used.matches("(?s).*\"used_size\":[0-9]{8}[^0-9].*"), used);
        backend.delete(key);
        assertThrows(NoSuchFileException.class, () -> read(backend, 0));
        backend.delete(key);
    }

    @Test
    void aDiskIsClonedCopyOnWriteAndKeepsTheImagesBytes() throws IOException {
        Backend backend = backend(ceph.configuration());
        byte[] bytes = random(20_000_000);
        write(backend, bytes);
        RbdSnapshot snapshot = backend.snapshot(key).orElseThrow();
        assertEquals("images " + key + " snap", snapshot.pool() + " " + snapshot.image() + " " + snapshot.name());
        String url = backend.url(key);
        assertTrue(url.matches("rbd://[0-9a-f-]{36}/images/" + key + "/snap"), url);
        ceph.rbd("clone", url.substring(url.indexOf("/images/") + 1).replace("/snap", "@snap"), "images/disk-" + key);
        String used = ceph.rbd("du", "--format", "json", "images/disk-" + key);
        assertTrue(used.contains("\"used_size\":0"), used);
        UncheckedIOException inUse = assertThrows(UncheckedIOException.class, () -> backend.delete(key));
        assertInstanceOf(Backend.InUseException.class, inUse.getCause());
        Path copy = Files.createTempDirectory("disk").resolve("copy");
        ceph.rbd("export", "--no-progress", "images/disk-" + key, copy.toString());
        assertArrayEquals(bytes, Files.readAllBytes(copy));
        Files.delete(copy);
        ceph.rbd("rm", "--no-progress", "images/disk-" + key);
        backend.delete(key);
        assertFalse(ceph.rbd("ls", "images").contains(key));
    }

    @Test
    void whatWasNotCommittedIsNotThereForReadersAndIsFound() throws IOException {
        Backend backend = backend(ceph.configuration());
        try (Backend.Sink sink = backend.write(key)) {
            sink.write(ByteBuffer.wrap(random(CHUNK)));
        }
        assertThrows(NoSuchFileException.class, () -> read(backend, 0));
        assertTrue(backend.keysBefore(Instant.now().plusSeconds(60)).contains(key));
        assertFalse(backend.keysBefore(Instant.now().minusSeconds(60)).contains(key));
        backend.delete(key);
        assertFalse(backend.keysBefore(Instant.now().plusSeconds(60)).contains(key));
    }

    @Test
    void anEmptyImageIsAnImage() throws IOException {
        Backend backend = backend(ceph.configuration());
        write(backend, new byte[0]);
        assertEquals(0, read(backend, 0).length);
        backend.delete(key);
    }

    @Test
    void aClusterThatDoesNotAnswerIsGivenUp() throws IOException {
        Path elsewhere = Files.createTempFile("ceph", ".conf");
        Files.writeString(
                elsewhere,
                Files.readString(Path.of(ceph.configuration()))
                        .replaceAll("mon host = .*", "mon host = [v2:127.0.0.1:9]"));
        Backend backend = backend(elsewhere.toString());
        assertThrows(Backend.UnreachableException.class, () -> backend.write(key));
        assertThrows(Backend.UnreachableException.class, () -> backend.keysBefore(Instant.now()));
        Files.delete(elsewhere);
    }

    private static Backend backend(String configuration) {
        Map<String, String> settings =
                Map.of("nephos.image.store.ceph.conf", configuration, "nephos.image.store.ceph.timeout", "3");
        return new RbdKind()
                .make(new BackendSettings(
                        "ceph",
                        new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(settings, "test", 100))
                                .build(),
                        Path.of("target")));
    }

    private void write(Backend backend, byte[] bytes) throws IOException {
        try (Backend.Sink sink = backend.write(key)) {
            for (int at = 0; at < bytes.length; at += CHUNK) {
                sink.write(ByteBuffer.wrap(bytes, at, Math.min(CHUNK, bytes.length - at)));
            }
            sink.commit();
        }
    }

    private byte[] read(Backend backend, long offset) throws IOException {
        try (var channel = backend.read(key, offset)) {
            return Channels.newInputStream(channel).readAllBytes();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
