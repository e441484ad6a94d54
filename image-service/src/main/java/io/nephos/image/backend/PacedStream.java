package io.nephos.image.backend;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Bytes of a server that nobody has to trust: it may keep its reader waiting for so long altogether, and a second more for
 * each so many bytes that it sent. Then it is hung up on. Time in which nobody reads is not the server's.
 */
final class PacedStream extends FilterInputStream {
    private static final long SECOND = 1_000_000_000;
    private final long patience;
    private final long bytesPerSecond;
    private final Thread watch;
    private long bytes;
    private long waited;
    private long waitingSince;
    private boolean waiting;
    private boolean tooSlow;

    PacedStream(InputStream in, Duration patience, long bytesPerSecond) {
        super(in);
        this.patience = patience.toNanos();
        this.bytesPerSecond = bytesPerSecond;
        this.watch = Thread.ofVirtual().name("paced-stream").unstarted(() -> watch(patience.dividedBy(8)));
        watch.start();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        begin();
        int got = -1;
        try {
            got = super.read(target, offset, length);
        } catch (IOException e) {
            requirePace();
            throw e;
        } finally {
            end(got);
        }
        requirePace();
        return got;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }

    private void watch(Duration every) {
        try {
            while (!judge()) {
                Thread.sleep(every);
            }
            in.close();
        } catch (InterruptedException closed) {
            // Nobody reads any more.
        } catch (IOException e) {
            // It is closed all the same.
        }
    }

    private synchronized void begin() {
        waiting = true;
        waitingSince = System.nanoTime();
    }

    private synchronized void end(int got) {
        waiting = false;
        waited += System.nanoTime() - waitingSince;
        bytes += Math.max(got, 0);
    }

    private synchronized void requirePace() throws IOException {
        if (tooSlow) {
            throw new IOException("The server sends too slowly.");
        }
    }

    private synchronized boolean judge() {
        long now = waited + (waiting ? System.nanoTime() - waitingSince : 0);
        tooSlow = now > patience + bytes / bytesPerSecond * SECOND;
        return tooSlow;
    }
}
