package io.nephos.image.backend;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * Writes a file past the page cache: the disk takes each chunk from where it lies, so that nothing is copied, no memory of
 * the machine is filled with what nobody may ever read, and nothing is left to wait for at the end. What is no whole block, as
 * the end of most files, and all of it on a file system that cannot do so, goes the usual way.
 */
final class FileSink implements Backend.Sink {
    private final String store;
    private final Path root;
    private final Path partial;
    private final Path whole;
    private final FileChannel usual;
    private final FileChannel direct;
    private final int block;
    private long position;
    private boolean committed;

    FileSink(String store, Path root, Path partial, Path whole) throws IOException {
        this.store = store;
        this.root = root;
        this.partial = partial;
        this.whole = whole;
        this.block = (int) Files.getFileStore(root).getBlockSize();
        this.usual = FileChannel.open(
                partial,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        this.direct = direct();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        try {
            int blocks = bytes.remaining() - bytes.remaining() % block;
            if (position % block == 0 && bytes.isDirect() && bytes.alignmentOffset(bytes.position(), block) == 0) {
                put(direct, bytes.slice(bytes.position(), blocks));
                bytes.position(bytes.position() + blocks);
            }
            put(usual, bytes);
        } catch (IOException e) {
            throw Backend.StorageFullException.in(store, e);
        }
    }

    @Override
    public void commit() throws IOException {
        try {
            usual.force(true);
            close(false);
            Path folder = Objects.requireNonNull(whole.getParent());
            Files.createDirectories(folder);
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
            committed = true;
            sync(folder);
            sync(root);
        } catch (IOException e) {
            throw Backend.StorageFullException.in(store, e);
        }
    }

    @Override
    public void close() throws IOException {
        close(!committed);
    }

    private void close(boolean remove) throws IOException {
        direct.close();
        usual.close();
        if (remove) {
            Files.deleteIfExists(partial);
        }
    }

    private void put(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    private FileChannel direct() {
        try {
            return FileChannel.open(partial, Set.<OpenOption>of(StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
        } catch (IOException | UnsupportedOperationException e) {
            return usual;
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }
}
