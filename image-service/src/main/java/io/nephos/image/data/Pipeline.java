package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.kit.crypto.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * SHA-512, MD5 and the store each take one chunk after the other, none waiting for another, while the next one is read. Chunks
 * lie outside the heap, so that all of them read the same bytes and nobody copies them. There are two, and as many as are
 * spare while a body comes faster than it is dealt with.
 */
final class Pipeline implements AutoCloseable {
    static final int CHUNK = 256 * 1024;
    static final int CHUNKS = 4;
    /** Of all bodies together: what each has beyond its two. */
    private static final Semaphore SPARE = new Semaphore(64);

    /** Of memory that disks write from and to by themselves. */
    private static final int PAGE = 4096;

    private final Digest sha512 = new Digest("SHA-512");
    private final Digest md5 = new Digest("MD5");
    private final Backend.Sink sink;
    private final Executor workers;
    private final Arena memory = Arena.ofShared();
    /** The oldest first. */
    private final Queue<Taken> taken = new ArrayDeque<>();

    private int chunks;
    private CompletableFuture<Void> hashing = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> summing = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    /** A chunk, and when all are done with what is in it. */
    private record Taken(ByteBuffer chunk, CompletableFuture<Void> done) {}

    Pipeline(Backend.Sink sink, Executor workers) {
        this.sink = sink;
        this.workers = workers;
    }

    /** The next bytes of a body: a whole chunk, but at its end. To be taken before the next ones are read. */
    ByteBuffer read(ReadableByteChannel body) throws IOException {
        ByteBuffer chunk = free();
        while (chunk.hasRemaining() && body.read(chunk) >= 0) {
            // Not full yet.
        }
        return chunk.flip();
    }

    void take(ByteBuffer chunk) {
        hashing = hashing.thenRunAsync(() -> sha512.update(chunk.duplicate()), workers);
        summing = summing.thenRunAsync(() -> md5.update(chunk.duplicate()), workers);
        writing = writing.thenRunAsync(() -> write(chunk.duplicate()), workers);
        taken.add(new Taken(chunk, all()));
    }

    /** Returns when all that was taken is digested and written. */
    void finish() throws IOException {
        await(all());
    }

    String sha512() {
        return sha512.hex();
    }

    String md5() {
        return md5.hex();
    }

    /** The sink can be closed: nobody writes to it any more. */
    @Override
    public void close() {
        all().exceptionally(known -> null).join();
        memory.close();
        SPARE.release(Math.max(0, chunks - 2));
    }

    private ByteBuffer free() throws IOException {
        Taken oldest = taken.peek();
        if (oldest == null || (!oldest.done.isDone() && another())) {
            chunks++;
            return memory.allocate(CHUNK, PAGE).asByteBuffer();
        }
        await(oldest.done);
        taken.remove();
        return oldest.chunk.clear();
    }

    private boolean another() {
        return chunks < 2 || (chunks < CHUNKS && SPARE.tryAcquire());
    }

    private void write(ByteBuffer chunk) {
        try {
            sink.write(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<Void> all() {
        return CompletableFuture.allOf(hashing, summing, writing);
    }

    private static void await(CompletableFuture<Void> work) throws IOException {
        try {
            work.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }
}
