package io.nephos.image.backend;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nephos.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

class PageCacheFillIT {
    private static final int BLOCK = 4096;
    private static final int SIZE = 1 << 20;

    /** On a disk, which a directory for temporary files may not be. */
    @TempDir(factory = OnDisk.class)
    private Path directory;

    @Test
    void whatWasWrittenPastThePageCacheIsReadIntoItOnceNobodyWrites() throws Exception {
        FileBackend store = new FileBackend("file", "", directory, false);
        String key = UUID.randomUUID().toString();
        try (Backend.Sink other = store.write(UUID.randomUUID().toString())) {
            fill(store, key);
            Thread.sleep(300);
            Assumptions.assumeFalse(cached(store, key), "a file system that is not written past the cache");
            other.write(ByteBuffer.allocateDirect(10));
        }
        Await.until(() -> cached(store, key));
    }

    @Test
    void oneThatIsGoneKeepsNoOtherWaiting() throws Exception {
        FileBackend store = new FileBackend("file", "", directory, false);
        String key = UUID.randomUUID().toString();
        String gone = UUID.randomUUID().toString();
        try (Backend.Sink other = store.write(UUID.randomUUID().toString())) {
            fill(store, key);
            fill(store, gone);
            store.delete(gone);
            other.write(ByteBuffer.allocateDirect(10));
        }
        Await.until(() -> cached(store, key));
        assertFalse(Files.exists(store.file(gone).orElseThrow()));
    }

    private static void fill(FileBackend store, String key) throws IOException {
        try (Backend.Sink sink = store.write(key)) {
            sink.write(
                    ByteBuffer.allocateDirect(SIZE + BLOCK).alignedSlice(BLOCK).limit(SIZE));
            sink.commit();
        }
    }

    private static boolean cached(FileBackend store, String key) {
        Path file = store.file(key).orElseThrow();
        try (FileChannel bytes = FileChannel.open(file)) {
            return bytes.map(FileChannel.MapMode.READ_ONLY, 0, SIZE).isLoaded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below the build's directory. */
    static final class OnDisk implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "store");
        }
    }
}
