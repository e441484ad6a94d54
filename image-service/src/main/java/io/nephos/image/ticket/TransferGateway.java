package io.nephos.image.ticket;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.contracts.image.v1.ReleaseTicketRequest;
import io.nephos.contracts.image.v1.ReleaseTicketResponse;
import io.nephos.image.data.Copies;
import io.nephos.image.image.Content;
import io.nephos.image.image.ImageStore;
import io.nephos.rpc.ForAgents;
import io.nephos.rpc.PeerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;

/** What agents ask: the bytes that their ticket is for, also of an image that was deleted since. */
@ApplicationScoped
@ForAgents
public class TransferGateway extends ImageTransferGrpc.ImageTransferImplBase {
    private final ImageStore images;
    private final Copies copies;
    private final TicketKey key;
    private final TicketStore tickets;

    @Inject
    public TransferGateway(ImageStore images, Copies copies, TicketKey key, TicketStore tickets) {
        this.images = images;
        this.copies = copies;
        this.key = key;
        this.tickets = tickets;
    }

    @Override
    public void download(DownloadRequest request, StreamObserver<Chunk> answer) {
        Ticket ticket = checked(request.getTicket());
        Content content = images.contentOf(ticket.imageId())
                .orElseThrow(() -> Status.NOT_FOUND
                        .withDescription("Image " + ticket.imageId() + " has no bytes any more.")
                        .asRuntimeException());
        ByteStream.send(copies, content, request.getOffset(), answer);
    }

    @Override
    public void releaseTicket(ReleaseTicketRequest request, StreamObserver<ReleaseTicketResponse> answer) {
        tickets.release(checked(request.getTicket()));
        answer.onNext(ReleaseTicketResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private Ticket checked(String token) {
        Ticket ticket = Ticket.read(token, key.bytes(), Instant.now())
                .orElseThrow(() -> Status.PERMISSION_DENIED
                        .withDescription("The ticket is not good, or no longer.")
                        .asRuntimeException());
        PeerIdentity.current().requireHost(ticket.host());
        return ticket;
    }
}
