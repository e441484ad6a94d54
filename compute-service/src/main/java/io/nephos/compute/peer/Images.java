package io.nephos.compute.peer;

import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.Ticket;
import io.nephos.kit.token.Caller;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;

/** image-service: what an image is, and the right of a host to fetch it. */
@ApplicationScoped
public class Images {
    private final Peers peers;

    @Inject
    public Images(Peers peers) {
        this.peers = peers;
    }

    public Image get(Caller caller, String imageId) {
        return stub().getImage(GetImageRequest.newBuilder()
                .setCaller(caller.toProto())
                .setImageId(imageId)
                .build());
    }

    public Ticket ticket(String imageId, String host) {
        return stub().issueTicket(IssueTicketRequest.newBuilder()
                .setImageId(imageId)
                .setHost(host)
                .build());
    }

    private ImagesGrpc.ImagesBlockingStub stub() {
        return ImagesGrpc.newBlockingStub(peers.channel("image")).withDeadlineAfter(10, TimeUnit.SECONDS);
    }
}
