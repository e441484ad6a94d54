package io.nephos.agent.image;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.contracts.image.v1.ReleaseTicketRequest;
import io.nephos.contracts.image.v1.ReleaseTicketResponse;
import io.nephos.rpc.Peers;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Images from image-service, which gives them to whoever has a ticket for this host. */
public final class TicketDownload implements ImageSource {
    private static final Logger LOG = Logger.getLogger(TicketDownload.class);

    private final Peers peers;

    public TicketDownload(Peers peers) {
        this.peers = peers;
    }

    @Override
    public Iterator<ByteString> open(String ticket, long offset) {
        // The call that waits for the image bounds this one: gRPC ends it when its caller's deadline passes.
        Iterator<Chunk> chunks = guarded(() -> ImageTransferGrpc.newBlockingStub(peers.channel("image"))
                .withDeadlineAfter(1, TimeUnit.HOURS)
                .download(DownloadRequest.newBuilder()
                        .setTicket(ticket)
                        .setOffset(offset)
                        .build()));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return guarded(chunks::hasNext);
            }

            @Override
            public ByteString next() {
                return guarded(chunks::next).getData();
            }
        };
    }

    @Override
    public void release(String ticket) {
        ReleaseTicketRequest request =
                ReleaseTicketRequest.newBuilder().setTicket(ticket).build();
        // The call in which the image was needed may be over before this one.
        Context.ROOT.run(() -> ImageTransferGrpc.newStub(peers.channel("image"))
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .releaseTicket(request, new Unheard()));
    }

    private static final class Unheard implements StreamObserver<ReleaseTicketResponse> {
        @Override
        public void onNext(ReleaseTicketResponse answer) {}

        @Override
        public void onError(Throwable failure) {
            LOG.debugf("A ticket is not given back, and expires: %s", failure.getMessage());
        }

        @Override
        public void onCompleted() {}
    }

    private static <T> T guarded(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw new ImageFault.Unavailable("image-service: " + e.getStatus());
        }
    }
}
