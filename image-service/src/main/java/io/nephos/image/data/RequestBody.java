package io.nephos.image.data;

import io.nephos.kit.fault.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read in large pieces: the event loop writes each buffer straight into the piece that is asked for,
 * and the reader wakes once for the piece, not once for each buffer. Between pieces the client is not read.
 */
public final class RequestBody extends InputStream {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpServerRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What came beyond the last piece. */
    private final Deque<Buffer> early = new ArrayDeque<>();

    private int earlyAt;
    private byte @Nullable [] piece;
    private int at;
    private int end;
    private boolean ended;
    private @Nullable Throwable failure;

    /** 400 for a coding that is not read here: such a body has no end that anybody could know. */
    public RequestBody(HttpServerRequest request) {
        this.request = request;
        String coding = request.getHeader("Transfer-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            throw Fault.badRequest("The only transfer coding of image data is chunked.");
        }
        if (request.isEnded()) {
            ended = true;
            return;
        }
        request.exceptionHandler(this::fail);
        request.endHandler(unused -> end());
        request.handler(this::arrive);
        if (request.response().closed()) {
            // It had gone before anybody listened.
            fail(new IOException("the connection is closed"));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    /** Fills all of it, but at the body's end; 0 behind that. IOException when the client went away or stood still. */
    @Override
    public int readNBytes(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        lock.lock();
        try {
            piece = bytes;
            at = offset;
            end = offset + length;
            takeEarly();
            if (at < end && !ended && failure == null) {
                request.resume();
                await();
            }
            piece = null;
            if (failure != null) {
                throw new IOException("The client went away: " + failure.getMessage(), failure);
            }
            return at - offset;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = readNBytes(bytes, offset, length);
        return got == 0 && length > 0 ? -1 : got;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return readNBytes(one, 0, 1) == 0 ? -1 : one[0] & 0xff;
    }

    private void await() throws IOException {
        try {
            int before = at;
            while (at < end && !ended && failure == null) {
                if (!changed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (at == before) {
                        throw new IOException("The client stood still for " + PATIENCE.toSeconds() + " seconds.");
                    }
                    before = at;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted.", e);
        }
    }

    private void arrive(Buffer buffer) {
        lock.lock();
        try {
            early.add(buffer);
            takeEarly();
            if (piece == null || at == end) {
                request.pause();
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void takeEarly() {
        byte[] target = piece;
        while (target != null && at < end && !early.isEmpty()) {
            Buffer buffer = early.getFirst();
            int length = Math.min(end - at, buffer.length() - earlyAt);
            buffer.getBytes(earlyAt, earlyAt + length, target, at);
            at += length;
            earlyAt += length;
            if (earlyAt == buffer.length()) {
                early.removeFirst();
                earlyAt = 0;
            }
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable cause) {
        lock.lock();
        try {
            if (!ended) {
                failure = cause;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
