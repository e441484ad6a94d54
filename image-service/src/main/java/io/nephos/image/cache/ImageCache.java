package io.nephos.image.cache;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Files under {@code nephos.image.cache.path}: {@code SHA512} for what is there, checked against that digest when it was
 * put there, {@code partial/} for what is coming. Beyond {@code nephos.image.cache.most-gib} the one that was read longest
 * ago goes. Without a path there is no cache.
 */
@ApplicationScoped
public class ImageCache {
    private static final long GIB = 1 << 30;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{128}");

    private final Optional<Path> root;
    private final long most;
    private final Map<String, AtomicLong> hits = new ConcurrentHashMap<>();

    /** One image in the cache; its modification time is when it was last read. */
    record Entry(String digest, long size, Instant accessed, long hits) {}

    @Inject
    public ImageCache(
            @ConfigProperty(name = "nephos.image.cache.path") Optional<Path> root,
            @ConfigProperty(name = "nephos.image.cache.most-gib", defaultValue = "10") long mostGib) {
        this.root = root;
        this.most = mostGib * GIB;
        try {
            if (root.isPresent()) {
                Files.createDirectories(root.get().resolve("partial"));
                clear(root.get().resolve("partial"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The image cache cannot be used", e);
        }
    }

    public boolean exists() {
        return root.isPresent();
    }

    /** The file of those bytes, when they are here; that counts as a hit. */
    public Optional<Path> read(String digest) {
        Optional<Path> file = file(digest).filter(Files::isRegularFile);
        file.ifPresent(found -> {
            hits.computeIfAbsent(digest, unused -> new AtomicLong()).incrementAndGet();
            try {
                Files.setLastModifiedTime(found, FileTime.from(Instant.now()));
            } catch (IOException gone) {
                // It was evicted meanwhile; whoever has it open reads on.
            }
        });
        return file;
    }

    boolean has(String digest) {
        return file(digest).filter(Files::isRegularFile).isPresent();
    }

    List<Entry> entries() throws IOException {
        List<Entry> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root.orElseThrow(), Files::isRegularFile)) {
            for (Path file : files) {
                String digest = file.getFileName().toString();
                AtomicLong read = hits.getOrDefault(digest, new AtomicLong());
                all.add(new Entry(
                        digest,
                        Files.size(file),
                        Files.getLastModifiedTime(file).toInstant(),
                        read.get()));
            }
        }
        return all;
    }

    /** A file that bytes may be written to, then {@link #take}n. */
    Path partial(String digest) {
        return root.orElseThrow().resolve("partial").resolve(digest);
    }

    /** All bytes are in the partial file and are what they should be. */
    void take(String digest) throws IOException {
        Files.move(partial(digest), file(digest).orElseThrow(), StandardCopyOption.ATOMIC_MOVE);
        evict(digest);
    }

    void remove(String digest) throws IOException {
        Files.deleteIfExists(file(digest).orElseThrow());
        hits.remove(digest);
    }

    /** What is in it that nobody could ask for any more. */
    void keepOnly(Predicate<String> wanted) throws IOException {
        for (Entry entry : exists() ? entries() : List.<Entry>of()) {
            if (!wanted.test(entry.digest())) {
                remove(entry.digest());
            }
        }
    }

    private void evict(String kept) throws IOException {
        List<Entry> oldest = new ArrayList<>(entries());
        oldest.sort(Comparator.comparing(Entry::accessed));
        long size = oldest.stream().mapToLong(Entry::size).sum();
        for (Entry entry : oldest) {
            if (size > most && !entry.digest().equals(kept)) {
                remove(entry.digest());
                size -= entry.size();
            }
        }
    }

    private Optional<Path> file(String digest) {
        return root.filter(unused -> DIGEST.matcher(digest).matches()).map(path -> path.resolve(digest));
    }

    private static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
