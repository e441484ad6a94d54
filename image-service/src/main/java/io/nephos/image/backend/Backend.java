package io.nephos.image.backend;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** Removes what is under the key, committed or not; nothing there is fine. Throws {@link UncheckedIOException}. */
    void delete(String key);

    /** Keys of everything last touched before then, committed or not. */
    List<String> keysBefore(Instant time) throws IOException;

    /** Bytes on their way in. Closing without commit leaves nothing behind. */
    interface Sink extends Closeable {
        /** StorageFullException when there is no room. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Makes them durable, then visible. */
        void commit() throws IOException;
    }

    /** The backend has no room left. */
    final class StorageFullException extends IOException {
        private static final long serialVersionUID = 1L;

        StorageFullException(String backend, IOException cause) {
            super("The store " + backend + " is full.", cause);
        }
    }
}
