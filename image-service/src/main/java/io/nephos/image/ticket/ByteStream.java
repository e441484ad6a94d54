package io.nephos.image.ticket;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.image.data.Copies;
import io.nephos.image.image.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jboss.logging.Logger;

/** Image bytes on a gRPC stream, chunk by chunk, as fast as the peer takes them. */
final class ByteStream {
    private static final Logger LOG = Logger.getLogger(ByteStream.class);
    private static final int CHUNK = 1 << 20;

    private final ServerCallStreamObserver<Chunk> observer;
    private final ReadableByteChannel bytes;
    private boolean ended;

    private ByteStream(ServerCallStreamObserver<Chunk> observer, ReadableByteChannel bytes) {
        this.observer = observer;
        this.bytes = bytes;
    }

    /** OUT_OF_RANGE for an offset beyond the end. */
    static void send(Copies copies, Content content, long offset, StreamObserver<Chunk> observer) {
        if (offset < 0 || offset > content.size()) {
            throw Status.OUT_OF_RANGE
                    .withDescription("The image has " + content.size() + " bytes.")
                    .asRuntimeException();
        }
        try {
            ByteStream stream =
                    new ByteStream((ServerCallStreamObserver<Chunk>) observer, copies.read(content, offset));
            stream.observer.setOnCancelHandler(stream::close);
            stream.observer.setOnReadyHandler(stream::pump);
        } catch (IOException e) {
            LOG.error("Image bytes cannot be read", e);
            throw Status.DATA_LOSS
                    .withDescription("The image's bytes cannot be read.")
                    .asRuntimeException();
        }
    }

    private synchronized void pump() {
        try {
            while (!ended && observer.isReady()) {
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                while (chunk.hasRemaining() && bytes.read(chunk) >= 0) {}
                if (chunk.position() > 0) {
                    ByteString data = UnsafeByteOperations.unsafeWrap(chunk.flip());
                    observer.onNext(Chunk.newBuilder().setData(data).build());
                } else {
                    close();
                    observer.onCompleted();
                }
            }
        } catch (IOException e) {
            LOG.error("A download cannot go on", e);
            close();
            observer.onError(Status.DATA_LOSS
                    .withDescription("The image's bytes cannot be read.")
                    .asRuntimeException());
        }
    }

    private synchronized void close() {
        ended = true;
        try {
            bytes.close();
        } catch (IOException e) {
            LOG.debugf("Closing: %s", e.getMessage());
        }
    }
}
