package io.nephos.image.backend;

import io.nephos.rbd.RbdSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A place where image bytes lie, each image under a key of its own. All of it may be called from several threads. */
public interface Backend {
    /** As it stands in {@code /v2/info/stores} and in the rows of images. */
    String id();

    /** "file", "s3", "http": what it is made of. */
    String type();

    String description();

    /** What an administrator may know of it; never a secret. */
    default Map<String, Object> properties() {
        return Map.of();
    }

    /** Bytes are put there by others. */
    default boolean readOnly() {
        return false;
    }

    /** Where the bytes under that key lie, as an URL. */
    String url(String key);

    /** Begins to write bytes under that key; nothing is there for readers until {@link Sink#commit}. */
    Sink write(String key) throws IOException;

    /** Reads from that offset on; NoSuchFileException when there is nothing under the key. */
    ReadableByteChannel read(String key, long offset) throws IOException;

    /** The file that holds the bytes, where there is one; the kernel can send it by itself. */
    default Optional<Path> file(String key) {
        return Optional.empty();
    }

    /** The snapshot that volumes and disks of the same cluster can be cloned from, where the store is of that kind. */
    default Optional<RbdSnapshot> snapshot(String key) {
        return Optional.empty();
    }

    /** Removes what is under the key, committed or not; nothing there is fine. Throws {@link UncheckedIOException}. */
    void delete(String key);

    /** Keys of everything last touched before then, committed or not. */
    List<String> keysBefore(Instant time) throws IOException;

    /** Bytes on their way in. Closing without commit leaves nothing behind. */
    interface Sink extends Closeable {
        /** Takes all that remains of the buffer. StorageFullException when there is no room. */
        void write(ByteBuffer bytes) throws IOException;

        /** Makes them durable, then visible. */
        void commit() throws IOException;

        /** Keeps nothing. */
        Sink NOWHERE = new Sink() {
            @Override
            public void write(ByteBuffer bytes) {}

            @Override
            public void commit() {}

            @Override
            public void close() {}
        };
    }

    /** The backend has no room left. */
    final class StorageFullException extends IOException {
        private static final long serialVersionUID = 1L;

        public StorageFullException(String backend, Exception cause) {
            super("The store " + backend + " is full.", cause);
        }

        /** This, when that failure to write to a disk says so; else that failure. */
        public static IOException in(String backend, IOException e) {
            String text = String.valueOf(e.getMessage());
            return text.contains("No space left") || text.contains("quota exceeded")
                    ? new StorageFullException(backend, e)
                    : e;
        }
    }

    /** The bytes cannot go yet: a disk or a volume is cloned from them. */
    final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        public InUseException(String backend, Exception cause) {
            super("Bytes in the store " + backend + " are in use: " + cause.getMessage(), cause);
        }
    }

    /** The backend is elsewhere, and cannot be reached or does not do its work. */
    final class UnreachableException extends IOException {
        private static final long serialVersionUID = 1L;

        public UnreachableException(String backend, Exception cause) {
            super("The store " + backend + " cannot be used now: " + cause.getMessage(), cause);
        }
    }
}
