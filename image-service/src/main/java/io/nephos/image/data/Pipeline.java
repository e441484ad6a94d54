package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** SHA-512, MD5 and the file take each chunk side by side, while the next chunk is read. Two chunks are all there is. */
final class Pipeline implements AutoCloseable {
    private final MessageDigest sha512 = digest("SHA-512");
    private final MessageDigest md5 = digest("MD5");
    private final Backend.Sink sink;
    private final Executor workers;
    private final byte[][] chunks = {new byte[Upload.CHUNK], new byte[Upload.CHUNK]};
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private int turn;

    Pipeline(Backend.Sink sink, Executor workers) {
        this.sink = sink;
        this.workers = workers;
    }

    /** The chunk that may be filled now. */
    byte[] free() {
        return chunks[turn];
    }

    /** Takes the free chunk, once all are done with the one before. */
    void take(byte[] chunk, int length) throws IOException {
        finish();
        turn = 1 - turn;
        running = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> sha512.update(chunk, 0, length), workers),
                CompletableFuture.runAsync(() -> md5.update(chunk, 0, length), workers),
                CompletableFuture.runAsync(() -> write(chunk, length), workers));
    }

    /** Returns when all that was taken is digested and written. */
    void finish() throws IOException {
        try {
            running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }

    String sha512() {
        return HexFormat.of().formatHex(sha512.digest());
    }

    String md5() {
        return HexFormat.of().formatHex(md5.digest());
    }

    /** The sink can be closed: nobody writes to it any more. */
    @Override
    public void close() {
        running.exceptionally(known -> null).join();
    }

    private void write(byte[] chunk, int length) {
        try {
            sink.write(chunk, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
