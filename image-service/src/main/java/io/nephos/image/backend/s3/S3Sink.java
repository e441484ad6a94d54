package io.nephos.image.backend.s3;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Bytes gather in a file of one part's size; a full one is sent while the next gathers. So a client that is slow holds no
 * connection to the server, and of all uploads together no part is in memory. An object of less than one part is put as one.
 */
final class S3Sink implements Backend.Sink {
    private static final Logger LOG = Logger.getLogger(S3Sink.class);
    /** S3 takes 10,000 parts; doubled so often, the largest object that it takes (5 TiB) fits. */
    private static final int PARTS_OF_ONE_SIZE = 1000;

    private static final long LARGEST_PART = 5L << 30;

    private final S3Bucket bucket;
    private final String key;
    private final Path spool;
    private final long partSize;
    private final List<CompletedPart> sent = new ArrayList<>();
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
    private SpooledPart gathering;
    private @Nullable String upload;
    private int parts;
    private long size;
    private boolean committed;

    S3Sink(S3Bucket bucket, String key, Path spool, long partSize) throws IOException {
        this.bucket = bucket;
        this.key = key;
        this.spool = spool;
        this.partSize = partSize;
        this.gathering = next();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                int taken = (int) Math.min(bytes.remaining(), gathering.room());
                gathering.write(bytes.slice(bytes.position(), taken));
                bytes.position(bytes.position() + taken);
                if (gathering.room() == 0) {
                    ship();
                }
            }
        } catch (IOException e) {
            throw Backend.StorageFullException.in(bucket.store(), e);
        }
    }

    @Override
    public void commit() throws IOException {
        String begun = upload;
        if (begun == null) {
            bucket.put(key, gathering);
        } else {
            if (gathering.length() > 0) {
                ship();
            }
            awaitSent();
            bucket.complete(key, begun, sent);
        }
        long arrived = bucket.size(key);
        if (arrived != size) {
            throw new Backend.UnreachableException(
                    bucket.store(), new IOException("It has " + arrived + " bytes of " + size + "."));
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        sending.exceptionally(known -> null).join();
        gathering.close();
        String begun = upload;
        if (!committed && begun != null) {
            try {
                bucket.abort(key, begun);
            } catch (IOException e) {
                LOG.infof("An upload to the store %s is aborted later: %s", bucket.store(), e.getMessage());
            }
        }
    }

    /** Sends what has gathered, once the part before it is there. */
    private void ship() throws IOException {
        awaitSent();
        String begun = upload == null ? bucket.begin(key) : upload;
        upload = begun;
        SpooledPart full = gathering;
        parts++;
        int number = parts;
        gathering = next();
        sending = CompletableFuture.runAsync(() -> send(begun, number, full), Thread::startVirtualThread);
    }

    private void send(String begun, int number, SpooledPart part) {
        try (part) {
            sent.add(bucket.send(key, begun, number, part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitSent() throws IOException {
        try {
            sending.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }

    private SpooledPart next() throws IOException {
        return new SpooledPart(spool, Math.min(LARGEST_PART, partSize << Math.min(30, parts / PARTS_OF_ONE_SIZE)));
    }
}
