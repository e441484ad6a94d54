package io.nephos.agent.image;

import com.google.protobuf.ByteString;
import io.nephos.agent.file.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Images by their sha512: a file named by the digest has that digest. A transfer goes to {@code <digest>.part}, is
 * resumed where it broke off, and gets its name once it is verified and on the disk. Its time of modification is its
 * last use.
 */
public final class ImageCache {
    private static final Logger LOG = Logger.getLogger(ImageCache.class);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{128}");
    private static final String PART = ".part";

    private final Path directory;
    private final ImageSource source;
    private final Supplier<Set<String>> used;
    private final Clock clock;
    private final Limits limits;
    private final Space space;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** @param minFreeBytes what is left free on the file system, whatever is asked for */
    public record Limits(Duration maxAge, long minFreeBytes) {}

    /** Bytes that are free where the images lie. */
    interface Space {
        long free() throws IOException;
    }

    /** @param used digests of the images that disks of this host are backed by */
    public ImageCache(Path directory, ImageSource source, Supplier<Set<String>> used, Clock clock, Limits limits) {
        this(
                directory,
                source,
                used,
                clock,
                limits,
                () -> Files.getFileStore(directory).getUsableSpace());
    }

    ImageCache(
            Path directory, ImageSource source, Supplier<Set<String>> used, Clock clock, Limits limits, Space space) {
        this.directory = DurableFile.directory(directory);
        this.space = space;
        this.source = source;
        this.used = used;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * The image's file, fetched if it is not here yet.
     *
     * @param proceed called between chunks; what it throws ends the transfer, which the next call goes on with
     */
    public Path ensure(String sha512, long sizeBytes, String ticket, Runnable proceed) {
        checked(sha512);
        ReentrantLock lock = lock(sha512);
        try {
            Path image = directory.resolve(sha512);
            if (!Files.exists(image)) {
                fetch(sha512, sizeBytes, ticket, proceed);
            }
            Files.setLastModifiedTime(image, FileTime.from(clock.instant()));
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** What was asked with that ticket has ended, well or badly; empty for none. */
    public void release(String ticket) {
        if (!ticket.isEmpty()) {
            source.release(ticket);
        }
    }

    /** Drops the image unless a disk is backed by it. True when it was here and is gone. */
    public boolean evict(String sha512) {
        checked(sha512);
        ReentrantLock lock = lock(sha512);
        try {
            if (used.get().contains(sha512)) {
                return false;
            }
            boolean part = Files.deleteIfExists(directory.resolve(sha512 + PART));
            return Files.deleteIfExists(directory.resolve(sha512)) || part;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what has not been used for long. */
    public void sweep() {
        Instant horizon = clock.instant().minus(limits.maxAge());
        for (Entry entry : entries()) {
            if (entry.lastUse().isBefore(horizon) && evict(entry.sha512())) {
                LOG.infof("Image %s was dropped: not used since %s", entry.sha512(), entry.lastUse());
            }
        }
    }

    /** Bytes of all that is kept. */
    public long sizeBytes() {
        return entries().stream().mapToLong(Entry::bytes).sum();
    }

    private void fetch(String sha512, long sizeBytes, String ticket, Runnable proceed) throws IOException {
        Path part = directory.resolve(sha512 + PART);
        long had = Files.exists(part) ? Files.size(part) : 0;
        makeRoom(sha512, sizeBytes - had);
        if (transfer(sha512, ticket, part, proceed)) {
            return;
        }
        // What an earlier try left may be what is wrong: once more from the first byte.
        if (had == 0 || !transfer(sha512, ticket, part, proceed)) {
            throw new ImageFault.Unusable("the image's bytes do not have the digest " + sha512);
        }
    }

    /** False when the digest is not the promised one; the partial file is then gone. */
    private boolean transfer(String sha512, String ticket, Path part, Runnable proceed) throws IOException {
        MessageDigest digest = sha512();
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long offset = absorb(part, digest);
            out.position(offset);
            Iterator<ByteString> chunks = source.open(ticket, offset);
            while (chunks.hasNext()) {
                proceed.run();
                ByteString chunk = chunks.next();
                digest.update(chunk.asReadOnlyByteBuffer());
                var buffer = chunk.asReadOnlyByteBuffer();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha512)) {
            Files.deleteIfExists(part);
            return false;
        }
        DurableFile.publish(part, directory.resolve(sha512));
        return true;
    }

    private static long absorb(Path part, MessageDigest digest) throws IOException {
        long total = 0;
        try (InputStream in = Files.newInputStream(part)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                total += n;
            }
        }
        return total;
    }

    private void makeRoom(String wanted, long bytes) throws IOException {
        List<Entry> oldest = new ArrayList<>(entries());
        oldest.sort(Comparator.comparing(Entry::lastUse));
        for (Entry entry : oldest) {
            if (space.free() >= bytes + limits.minFreeBytes()) {
                return;
            }
            // Another image's lock is not waited for while this one's is held.
            if (!entry.sha512().equals(wanted) && !used.get().contains(entry.sha512())) {
                ReentrantLock other = locks.computeIfAbsent(entry.sha512(), key -> new ReentrantLock());
                if (other.tryLock()) {
                    try {
                        Files.deleteIfExists(directory.resolve(entry.sha512()));
                        Files.deleteIfExists(directory.resolve(entry.sha512() + PART));
                    } finally {
                        other.unlock();
                    }
                }
            }
        }
        if (space.free() < bytes + limits.minFreeBytes()) {
            throw new ImageFault.NoSpace("an image of " + bytes + " bytes does not fit: " + space.free()
                    + " bytes are free and " + limits.minFreeBytes() + " stay so");
        }
    }

    private record Entry(String sha512, Instant lastUse, long bytes) {}

    private List<Entry> entries() {
        try (Stream<Path> files = Files.list(directory)) {
            List<Entry> entries = new ArrayList<>();
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(PART, "");
                if (DIGEST.matcher(name).matches() && Files.exists(file)) {
                    entries.add(new Entry(name, Files.getLastModifiedTime(file).toInstant(), Files.size(file)));
                }
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ReentrantLock lock(String sha512) {
        ReentrantLock lock = locks.computeIfAbsent(sha512, key -> new ReentrantLock());
        lock.lock();
        return lock;
    }

    private static void checked(String sha512) {
        if (!DIGEST.matcher(sha512).matches()) {
            throw new ImageFault.Unusable("not a sha512: " + sha512);
        }
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
