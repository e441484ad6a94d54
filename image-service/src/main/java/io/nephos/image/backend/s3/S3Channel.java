package io.nephos.image.backend.s3;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object from some byte on. A connection that breaks, as one does whose reader is slow, is taken up again where it broke;
 * only a second break without a byte between them ends the reading.
 */
final class S3Channel implements ReadableByteChannel {
    private static final Logger LOG = Logger.getLogger(S3Channel.class);
    private static final int PIECE = 64 * 1024;

    private final S3Bucket bucket;
    private final String key;
    private final byte[] piece = new byte[PIECE];
    private long position;
    private @Nullable ResponseInputStream<GetObjectResponse> stream;
    private long end;
    private boolean open = true;

    /** NoSuchFileException when there is no such object. */
    S3Channel(S3Bucket bucket, String key, long offset) throws IOException {
        this.bucket = bucket;
        this.key = key;
        this.position = offset;
        connect();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= end) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        int length;
        try {
            length = receive(target);
        } catch (IOException e) {
            LOG.infof("The store %s is asked again from byte %d on: %s", bucket.store(), position, e.getMessage());
            drop();
            connect();
            length = receive(target);
        }
        target.put(piece, 0, length);
        position += length;
        return length;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        drop();
    }

    private int receive(ByteBuffer target) throws IOException {
        ResponseInputStream<GetObjectResponse> from = stream;
        if (from == null) {
            throw new IOException("There is no connection.");
        }
        int length = from.read(piece, 0, Math.min(piece.length, target.remaining()));
        if (length < 0) {
            throw new IOException("It ended " + (end - position) + " bytes too early.");
        }
        return length;
    }

    private void connect() throws IOException {
        try {
            ResponseInputStream<GetObjectResponse> opened = bucket.read(key, position);
            stream = opened;
            end = position + opened.response().contentLength();
        } catch (Backend.UnreachableException e) {
            if (!S3Bucket.isBeyondTheEnd(e)) {
                throw e;
            }
            end = position;
        }
    }

    // Closing would read the rest first.
    private void drop() {
        ResponseInputStream<GetObjectResponse> from = stream;
        if (from != null) {
            from.abort();
            stream = null;
        }
    }
}
