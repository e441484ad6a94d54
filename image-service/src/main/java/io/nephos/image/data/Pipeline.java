package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.kit.crypto.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * SHA-512, MD5 and the store each take one chunk after the other, none waiting for another, while the next one is read. Chunks
 * lie outside the heap, so that all of them read the same bytes and nobody copies them. There are two small ones; a body that
 * comes fast gets large ones in their place, as many as are spare, for a thread that has more to do before it waits is woken less often.
 */
final class Pipeline implements AutoCloseable {
    static final int SMALL = 256 * 1024;
    static final int LARGE = 1024 * 1024;
    static final int MOST_SMALL = 2;
    static final int MOST_LARGE = 4;
    /** Large ones of all bodies together. */
    private static final Semaphore SPARE = new Semaphore(16);
    /** A chunk that took less to come comes fast. */
    private static final Duration FAST = Duration.ofMillis(200);
    /** A chunk that is not full by then goes as it is. */
    private static final Duration LATEST = Duration.ofSeconds(10);

    /** Of memory that disks write from and to by themselves. */
    private static final int PAGE = 4096;

    private final Digest sha512 = new Digest("SHA-512");
    private final Digest md5 = new Digest("MD5");
    private final Backend.Sink sink;
    private final Executor workers;
    private final Arena memory = Arena.ofShared();
    /** The oldest first. */
    private final Queue<Taken> taken = new ArrayDeque<>();

    private final Deque<ByteBuffer> smallOnes = new ArrayDeque<>();
    private final Deque<ByteBuffer> largeOnes = new ArrayDeque<>();
    private int small;
    private int large;
    private boolean fast;
    private CompletableFuture<Void> hashing = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> summing = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    /** A chunk, and when all are done with what is in it. */
    private record Taken(ByteBuffer chunk, CompletableFuture<Void> done) {}

    Pipeline(Backend.Sink sink, Executor workers) {
        this.sink = sink;
        this.workers = workers;
    }

    /** The next bytes of a body: a whole chunk, but at its end, and of a slow one. To be taken before the next ones are read. */
    ByteBuffer read(ReadableByteChannel body) throws IOException {
        ByteBuffer chunk = free();
        long began = System.nanoTime();
        while (chunk.hasRemaining() && body.read(chunk) >= 0 && System.nanoTime() - began < LATEST.toNanos()) {
            // Not full yet.
        }
        fast = System.nanoTime() - began < FAST.toNanos();
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
        SPARE.release(large);
    }

    private ByteBuffer free() throws IOException {
        while (true) {
            while (!taken.isEmpty() && taken.element().done.isDone()) {
                Taken oldest = taken.remove();
                await(oldest.done);
                (oldest.chunk.capacity() == LARGE ? largeOnes : smallOnes).push(oldest.chunk.clear());
            }
            ByteBuffer chunk = fast ? large() : null;
            chunk = chunk == null && (!fast || large == 0) ? small() : chunk;
            if (chunk != null) {
                return chunk;
            }
            await(taken.element().done);
        }
    }

    private @Nullable ByteBuffer small() {
        if (smallOnes.isEmpty() && small < MOST_SMALL) {
            small++;
            return chunk(SMALL);
        }
        return smallOnes.poll();
    }

    private @Nullable ByteBuffer large() {
        if (largeOnes.isEmpty() && large < MOST_LARGE && SPARE.tryAcquire()) {
            large++;
            return chunk(LARGE);
        }
        return largeOnes.poll();
    }

    private ByteBuffer chunk(int size) {
        return memory.allocate(size, PAGE).asByteBuffer();
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
