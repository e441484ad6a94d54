package io.nephos.image.backend;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes one file, which has its name when all of it is on the disk. Through the page cache, or past it: then the disk takes whole
 * blocks from where they lie, nothing is copied and nothing is left to wait for at the end; what was written is read into the cache
 * later.
 */
final class FileSink implements Backend.Sink {
    private static final long FLUSH_EVERY = 64L << 20;
    private static final ExecutorService FLUSHERS = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("image-flush-", 0).factory());
    private static final PageCacheFill FILL = new PageCacheFill();

    private final String store;
    private final Path root;
    private final Path partial;
    private final Path whole;
    private final FileChannel channel;
    /** Past the page cache; empty where that is not wanted, or where the file system cannot do so. */
    private final Optional<FileChannel> direct;

    private final int block;
    private Future<?> flushing = CompletableFuture.completedFuture(Boolean.TRUE);
    private volatile @Nullable IOException flushFault;
    private long position;
    private long unflushed;
    private boolean committed;
    private boolean closed;

    FileSink(String store, Path root, Path partial, Path whole, boolean cached) throws IOException {
        this.store = store;
        this.root = root;
        this.partial = partial;
        this.whole = whole;
        this.channel = FileChannel.open(
                partial,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        this.direct = cached ? Optional.empty() : direct(partial);
        this.block = (int) Files.getFileStore(root).getBlockSize();
        FILL.pause();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        try {
            if (direct.isPresent() && liesRight(bytes)) {
                int blocks = bytes.remaining() / block * block;
                put(direct.get(), bytes.slice(bytes.position(), blocks));
                bytes.position(bytes.position() + blocks);
            }
            unflushed += bytes.remaining();
            put(channel, bytes);
        } catch (IOException e) {
            throw Backend.StorageFullException.in(store, e);
        }
        if (unflushed >= FLUSH_EVERY && flushing.isDone()) {
            unflushed = 0;
            flushing = FLUSHERS.submit(this::flush);
        }
    }

    // The disk takes them while more arrive, so that little is left to wait for at the commit. The kernel tells of a
    // fault once only: it must not be lost here.
    private void flush() {
        try {
            channel.force(false);
        } catch (IOException e) {
            flushFault = e;
        }
    }

    @Override
    public void commit() throws IOException {
        try {
            awaitFlush();
            channel.force(true);
            closeFile();
            Path folder = Objects.requireNonNull(whole.getParent());
            Files.createDirectories(folder);
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
            committed = true;
            sync(folder);
            sync(root);
            if (direct.isPresent()) {
                FILL.add(whole);
            }
        } catch (IOException e) {
            throw Backend.StorageFullException.in(store, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            FILL.goOn();
        }
        closeFile();
        if (!committed) {
            Files.deleteIfExists(partial);
        }
    }

    private void closeFile() throws IOException {
        channel.close();
        if (direct.isPresent()) {
            direct.get().close();
        }
    }

    private void put(FileChannel into, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += into.write(bytes, position);
        }
    }

    /** For a disk to take it: at a block's beginning, in memory and in the file. */
    private boolean liesRight(ByteBuffer bytes) {
        return bytes.isDirect() && position % block == 0 && bytes.alignmentOffset(bytes.position(), block) == 0;
    }

    private static Optional<FileChannel> direct(Path file) {
        try {
            return Optional.of(FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private void awaitFlush() throws IOException {
        try {
            flushing.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted.", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        IOException fault = flushFault;
        if (fault != null) {
            throw fault;
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
