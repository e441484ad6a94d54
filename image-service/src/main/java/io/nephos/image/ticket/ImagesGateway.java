package io.nephos.image.ticket;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.ReadRequest;
import io.nephos.image.data.Copies;
import io.nephos.image.image.Attributes;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What other services ask of images. */
@ApplicationScoped
public class ImagesGateway extends ImagesGrpc.ImagesImplBase {
    private static final Duration TICKET_LIFE = Duration.ofMinutes(15);

    private final ImageStore images;
    private final Copies copies;
    private final TicketKey key;
    private final TicketStore tickets;

    @Inject
    public ImagesGateway(ImageStore images, Copies copies, TicketKey key, TicketStore tickets) {
        this.images = images;
        this.copies = copies;
        this.key = key;
        this.tickets = tickets;
    }

    @Override
    public void getImage(GetImageRequest request, StreamObserver<io.nephos.contracts.image.v1.Image> answer) {
        try {
            answer.onNext(message(images.visible(Caller.of(request.getCaller()), request.getImageId())));
            answer.onCompleted();
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
    }

    @Override
    public void issueTicket(IssueTicketRequest request, StreamObserver<io.nephos.contracts.image.v1.Ticket> answer) {
        if (request.getHost().isEmpty() || request.getHost().contains("\n")) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("A ticket needs a host.")
                    .asRuntimeException();
        }
        Image image = active(request.getImageId());
        if (image.content().map(Content::sha512).orElse("").isEmpty()) {
            throw Status.FAILED_PRECONDITION
                    .withDescription("Image " + image.id() + " has no digest that a host could check.")
                    .asRuntimeException();
        }
        Instant until = Instant.now().plus(TICKET_LIFE).truncatedTo(ChronoUnit.SECONDS);
        Ticket ticket = tickets.issue(image.id(), request.getHost(), until).orElseThrow(() -> {
            active(image.id());
            return Status.ABORTED
                    .withDescription("Too many tickets are asked for at once.")
                    .asRuntimeException();
        });
        requireActiveStill(ticket);
        answer.onNext(io.nephos.contracts.image.v1.Ticket.newBuilder()
                .setToken(ticket.sign(key.bytes()))
                .setExpiresAt(ticket.expiresAt().toString())
                .setImage(message(image))
                .build());
        answer.onCompleted();
    }

    @Override
    public void read(ReadRequest request, StreamObserver<Chunk> answer) {
        Content content = active(request.getImageId()).available().orElseThrow();
        ByteStream.send(copies, content, request.getOffset(), answer);
    }

    /** Deleted just before the ticket was: the bytes may be gone. */
    private void requireActiveStill(Ticket ticket) {
        try {
            active(ticket.imageId());
        } catch (StatusRuntimeException e) {
            tickets.release(ticket);
            throw e;
        }
    }

    private Image active(String id) {
        try {
            Image image = images.find(id).orElseThrow(() -> ImageStore.missing(id));
            if (image.status() != io.nephos.image.image.Status.ACTIVE
                    || image.available().isEmpty()) {
                throw notActive(image);
            }
            return image;
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
    }

    private static StatusRuntimeException notActive(Image image) {
        return Status.FAILED_PRECONDITION
                .withDescription("Image " + image.id() + " is " + image.status().wire() + ", not active.")
                .asRuntimeException();
    }

    private io.nephos.contracts.image.v1.Image message(Image image) {
        Attributes attributes = image.attributes();
        io.nephos.contracts.image.v1.Image.Builder message = io.nephos.contracts.image.v1.Image.newBuilder()
                .setId(image.id())
                .setName(attributes.name().orElse(""))
                .setStatus(image.status().wire())
                .setDiskFormat(attributes.diskFormat().orElse(""))
                .setContainerFormat(attributes.containerFormat().orElse(""))
                .setSizeBytes(image.available().map(Content::size).orElse(0L))
                .setVirtualSizeBytes(
                        image.available().flatMap(Content::virtualSize).orElse(0L))
                .setMinDiskGib(attributes.minDisk())
                .setMinRamMib(attributes.minRam())
                .setSha512(image.available().map(Content::sha512).orElse(""))
                .setOwner(attributes.owner())
                .putAllProperties(attributes.properties());
        image.available()
                .flatMap(copies::snapshot)
                .ifPresent(at -> message.setRbd(RbdLocation.newBuilder()
                        .setFsid(at.fsid())
                        .setPool(at.pool())
                        .setImage(at.image())
                        .setSnapshot(at.name())));
        return message.build();
    }
}
