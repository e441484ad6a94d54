package io.nephos.image.backend.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/**
 * Part of an object on its way, in a file that has no name any more: it goes with the process, whatever ends that. May be
 * read several times, as it is when a request is tried again.
 */
final class SpooledPart implements AutoCloseable {
    private final FileChannel file;
    private final MessageDigest md5;
    private final long capacity;
    private long length;

    SpooledPart(Path directory, long capacity) throws IOException {
        this.capacity = capacity;
        Path path = directory.resolve("part-" + UUID.randomUUID());
        this.file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.delete(path);
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    long length() {
        return length;
    }

    long room() {
        return capacity - length;
    }

    void write(ByteBuffer bytes) throws IOException {
        md5.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            length += file.write(bytes, length);
        }
    }

    /** Base64; of all that was written. Asked for once. */
    String md5() {
        return Base64.getEncoder().encodeToString(md5.digest());
    }

    /** From the beginning; what is open at the same time does not disturb it. */
    InputStream open() {
        return new PartStream();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private final class PartStream extends InputStream {
        private long position;
        private long marked;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int read = file.read(ByteBuffer.wrap(bytes, offset, count), position);
            position += Math.max(0, read);
            return read;
        }

        @Override
        public boolean markSupported() {
            return true;
        }

        @Override
        public synchronized void mark(int limit) {
            marked = position;
        }

        @Override
        public synchronized void reset() {
            position = marked;
        }
    }
}
