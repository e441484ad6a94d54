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
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    void whenSpaceIsShortTheImageGoesThatWasUsedLongestAgoAndIsNotInUse() throws IOException {
        List<byte[]> images = IntStream.range(0, 4)
                .mapToObj(i -> Arrays.copyOf(new byte[] {(byte) i}, 100_000))
                .toList();
        Map<String, byte[]> known = images.stream().collect(Collectors.toMap(ImageCacheTest::sha512, image -> image));
        // There is room for three, and a little that stays free.
        ImageCache cache = new ImageCache(
                directory,
                (ticket, offset) -> chunks(known.getOrDefault(ticket, new byte[0]), offset),
                () -> used,
                Clock.systemUTC(),
                new ImageCache.Limits(Duration.ofHours(1), 10_000),
                () -> 310_000 - taken());
        for (int i = 0; i < 3; i++) {
            Path image = ensure(cache, images.get(i));
            Files.setLastModifiedTime(image, FileTime.from(Instant.now().minus(Duration.ofMinutes(30 - i))));
        }
        used.add(sha512(images.getFirst()));
        ensure(cache, images.get(3));
        assertEquals(
                Set.of(sha512(images.get(0)), sha512(images.get(2)), sha512(images.get(3))),
                names(),
                "the second was the oldest that no disk is backed by");
        used.addAll(known.keySet());
        assertThrows(ImageFault.NoSpace.class, () -> ensure(cache, images.get(1)));
        assertEquals(3, names().size());
        used.remove(sha512(images.get(3)));
        ensure(cache, images.get(1));
        assertFalse(Files.exists(directory.resolve(sha512(images.get(3)))));
    }

    @Test
    void serversThatAreBuiltAtOnceShareOneTransfer() throws Exception {
        ImageCache cache = cache((ticket, offset) -> chunks(bytes, offset));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Path>> all = threads.invokeAll(
                    Collections.nCopies(8, () -> cache.ensure(sha512(bytes), bytes.length, "t", GO_ON)));
            Set<Path> images = new HashSet<>();
            for (Future<Path> each : all) {
                images.add(each.get());
            }
            assertEquals(1, images.size());
        }
        assertEquals(List.of(0L), offsets);
    }

    @Test
    void aTransferThatIsNotTheImageTakesNothingOfTheCacheWithIt() throws IOException {
        ImageCache cache = cache((ticket, offset) -> chunks(ticket.equals("bad") ? new byte[10] : bytes, offset));
        Path image = cache.ensure(sha512(bytes), bytes.length, "good", GO_ON);
        assertThrows(ImageFault.Unusable.class, () -> cache.ensure(sha512(new byte[11]), 11, "bad", GO_ON));
        assertArrayEquals(bytes, Files.readAllBytes(image));
        assertEquals(Set.of(sha512(bytes)), names());
    }

    private static Path ensure(ImageCache cache, byte[] image) {
        return cache.ensure(sha512(image), image.length, sha512(image), GO_ON);
    }

    private long taken() throws IOException {
        long bytes = 0;
        for (String name : names()) {
            bytes += Files.size(directory.resolve(name));
        }
        return bytes;
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aDigestIsNeverAPath() {
        assertThrows(
                ImageFault.Unusable.class,
                () -> cache((ticket, offset) -> chunks(bytes, offset)).evict("../x"));
    }
}
