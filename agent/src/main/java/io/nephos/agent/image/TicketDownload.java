package io.nephos.agent.image;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.rpc.Peers;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Images from image-service, which gives them to whoever has a ticket for this host. */
public final class TicketDownload implements ImageSource {
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

    private static <T> T guarded(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw new ImageFault.Unavailable("image-service: " + e.getStatus());
        }
    }
}
