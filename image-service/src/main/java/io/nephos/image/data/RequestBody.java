package io.nephos.image.data;

import io.nephos.kit.fault.Fault;
import io.netty.channel.ChannelConfig;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read in large pieces: the event loop copies each buffer straight into the piece that is asked for,
 * and the reader wakes once for the piece, not once for each buffer. Between pieces the client is not read. To be closed by
 * whoever reads it.
 */
public final class RequestBody implements ReadableByteChannel {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** So many bytes take at most so long: some 3 KiB in a second. Shorter than an upload may be silent of. */
    private static final int PIECE = 256 * 1024;

    private static final Duration PIECE_PATIENCE = Duration.ofSeconds(75);

    private final HttpServerRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** What came beyond the last piece. */
    private final Deque<Buffer> early = new ArrayDeque<>();

    private int earlyAt;
    private @Nullable ByteBuffer piece;
    /** The connection, where all that it reads is this body. */
    private Optional<ChannelConfig> connection = Optional.empty();

    private Runnable asBefore = () -> {};
    private boolean flowing;
    private volatile boolean ended;
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
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase of) {
            ChannelConfig config = of.channel().config();
            connection = Optional.of(config);
            asBefore = ReadBuffers.into(config, this::wanted);
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

    /**
     * Fills all of it, but at the body's end, and when the client is so slow that the 256 KiB which it has to send within 75 seconds
     * are not all; -1 behind the end. IOException when the client went away or stood still.
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        lock.lock();
        try {
            int before = target.remaining();
            piece = target;
            takeEarly();
            if (target.hasRemaining() && !ended && failure == null) {
                goOn();
                await(target);
            }
            if (failure != null) {
                throw new IOException("The client went away: " + failure.getMessage(), failure);
            }
            int got = before - target.remaining();
            return got == 0 && before > 0 ? -1 : got;
        } finally {
            piece = null;
            lock.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return !ended;
    }

    /** The connection is not this one's to close; it is as it was before. */
    @Override
    public void close() {
        asBefore.run();
        connection.ifPresent(of -> {
            if (!ended) {
                request.pause();
            }
            of.setAutoRead(true);
        });
    }

    private void goOn() {
        if (connection.isEmpty() || !flowing) {
            flowing = true;
            request.resume();
        }
        connection.ifPresent(of -> of.setAutoRead(true));
    }

    private int wanted() {
        lock.lock();
        try {
            return piece == null ? 0 : piece.remaining();
        } finally {
            lock.unlock();
        }
    }

    private void await(ByteBuffer target) throws IOException {
        try {
            int enough = target.remaining() - PIECE;
            int before = target.remaining();
            long latest = System.nanoTime() + PIECE_PATIENCE.toNanos();
            while (target.hasRemaining() && !ended && failure == null) {
                long left = Math.min(PATIENCE.toNanos(), latest - System.nanoTime());
                if (left <= 0) {
                    if (target.remaining() <= enough) {
                        return;
                    }
                    throw new IOException("The client sends too slowly.");
                }
                if (changed.awaitNanos(left) <= 0 && left == PATIENCE.toNanos()) {
                    if (target.remaining() == before) {
                        throw new IOException("The client stood still for " + PATIENCE.toSeconds() + " seconds.");
                    }
                    before = target.remaining();
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
            if (piece == null || !piece.hasRemaining()) {
                // Vert.x would go on for some buffers, which it copies.
                connection.ifPresentOrElse(of -> of.setAutoRead(false), request::pause);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("deprecation") // Vert.x has no other way to copy to where a buffer points.
    private void takeEarly() {
        ByteBuffer target = piece;
        while (target != null && target.hasRemaining() && !early.isEmpty()) {
            Buffer buffer = early.getFirst();
            int length = Math.min(target.remaining(), buffer.length() - earlyAt);
            buffer.getByteBuf().getBytes(earlyAt, target.slice(target.position(), length));
            target.position(target.position() + length);
            earlyAt += length;
            if (earlyAt == buffer.length()) {
                early.removeFirst();
                ReadBuffers.release(buffer);
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
