package io.nephos.agent.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageCacheTest {
    private static final Runnable GO_ON = () -> {};
    private final byte[] bytes = new byte[200_000];
    private final Set<String> used = new HashSet<>();
    private final List<Long> offsets = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    ImageCacheTest() {
        new Random(1).nextBytes(bytes);
    }

    private Iterator<ByteString> chunks(byte[] content, long offset) {
        offsets.add(offset);
        List<ByteString> chunks = new ArrayList<>();
        for (int at = (int) offset; at < content.length; at += 50_000) {
            chunks.add(ByteString.copyFrom(content, at, Math.min(50_000, content.length - at)));
        }
        return chunks.iterator();
    }

    private ImageCache cache(ImageSource source) {
        return new ImageCache(
                directory, source, () -> used, Clock.systemUTC(), new ImageCache.Limits(Duration.ofHours(1), 0));
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anImageIsFetchedOnce() throws IOException {
        ImageCache cache = cache((ticket, offset) -> chunks(bytes, offset));
        Path image = cache.ensure(sha512(bytes), bytes.length, "t", GO_ON);
        assertArrayEquals(bytes, Files.readAllBytes(image));
        assertEquals(image, cache.ensure(sha512(bytes), bytes.length, "t", GO_ON));
        assertEquals(List.of(0L), offsets);
        assertEquals(bytes.length, cache.sizeBytes());
    }

    @Test
    void aTransferThatBrokeOffGoesOnWhereItStopped() throws IOException {
        int[] chunks = {0};
        assertThrows(
                IllegalStateException.class,
                () -> cache((ticket, offset) -> chunks(bytes, offset)).ensure(sha512(bytes), bytes.length, "t", () -> {
                    if (++chunks[0] == 3) {
                        throw new IllegalStateException("killed");
                    }
                }));
        Path image = cache((ticket, offset) -> chunks(bytes, offset)).ensure(sha512(bytes), bytes.length, "t", GO_ON);
        assertArrayEquals(bytes, Files.readAllBytes(image));
        assertEquals(List.of(0L, 100_000L), offsets);
    }

    @Test
    void aPartThatIsWrongIsFetchedAnewOnce() throws IOException {
        Files.write(directory.resolve(sha512(bytes) + ".part"), new byte[1000]);
        Path image = cache((ticket, offset) -> chunks(bytes, offset)).ensure(sha512(bytes), bytes.length, "t", GO_ON);
        assertArrayEquals(bytes, Files.readAllBytes(image));
        assertEquals(List.of(1000L, 0L), offsets);
    }

    @Test
    void bytesWithAnotherDigestAreNeverUsed() {
        byte[] other = new byte[10];
        assertThrows(
                ImageFault.Unusable.class,
                () -> cache((ticket, offset) -> chunks(other, offset)).ensure(sha512(bytes), bytes.length, "t", GO_ON));
        assertFalse(Files.exists(directory.resolve(sha512(bytes))));
        assertFalse(Files.exists(directory.resolve(sha512(bytes) + ".part")));
    }

    @Test
    void anImageThatADiskIsBackedByIsNotEvicted() {
        ImageCache cache = cache((ticket, offset) -> chunks(bytes, offset));
        Path image = cache.ensure(sha512(bytes), bytes.length, "t", GO_ON);
        used.add(sha512(bytes));
        assertFalse(cache.evict(sha512(bytes)));
        assertTrue(Files.exists(image));
        used.clear();
        assertTrue(cache.evict(sha512(bytes)));
        assertFalse(Files.exists(image));
        assertFalse(cache.evict(sha512(bytes)));
    }

    @Test
    void whatWasNotUsedForLongGoes() throws IOException {
        ImageCache cache = cache((ticket, offset) -> chunks(bytes, offset));
        Path image = cache.ensure(sha512(bytes), bytes.length, "t", GO_ON);
        cache.sweep();
        assertTrue(Files.exists(image));
        Files.setLastModifiedTime(image, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        cache.sweep();
        assertFalse(Files.exists(image));
    }

    @Test
    void anImageThatDoesNotFitIsRefusedBeforeItIsFetched() {
        assertThrows(
                ImageFault.NoSpace.class,
                () -> cache((ticket, offset) -> chunks(bytes, offset)).ensure(sha512(bytes), 1L << 60, "t", GO_ON));
        assertEquals(List.of(), offsets);
    }

    @Test
    void aDigestIsNeverAPath() {
        assertThrows(
                ImageFault.Unusable.class,
                () -> cache((ticket, offset) -> chunks(bytes, offset)).evict("../x"));
    }
}
