package io.nephos.block.image;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.block.backend.StorageFault;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.ReadRequest;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** image-service, as far as volumes are made from images. */
@ApplicationScoped
public class Images {
    private static final int CHECK_EVERY = 64 * 1024 * 1024;
    private static final Set<Status.Code> FINAL = Set.of(
            Status.Code.NOT_FOUND,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNIMPLEMENTED);

    private final Peers peers;

    @Inject
    public Images(Peers peers) {
        this.peers = peers;
    }

    /** 404 when the caller does not see it, 400 when it is not active. */
    public Image find(Caller caller, String id) {
        try {
            Image image = ImagesGrpc.newBlockingStub(peers.channel("image"))
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .getImage(GetImageRequest.newBuilder()
                            .setCaller(caller.toProto())
                            .setImageId(id)
                            .build());
            if (!image.getStatus().equals("active")) {
                throw Fault.badRequest("Invalid image: Image " + id + " is not active.");
            }
            return image;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw Fault.notFound("Image " + id + " could not be found.");
            }
            throw e;
        }
    }

    /** Writes the image's bytes; stops when they are no longer wanted. */
    public void read(String id, OutputStream into, BooleanSupplier wanted) throws IOException {
        try (Context.CancellableContext call = Context.current().withCancellation()) {
            Context before = call.attach();
            try {
                copy(id, into, wanted);
            } catch (StatusRuntimeException e) {
                if (FINAL.contains(e.getStatus().getCode())) {
                    throw new StorageFault.Hopeless(
                            "Image " + id + " cannot be read: " + e.getStatus().getDescription());
                }
                throw e;
            } finally {
                call.detach(before);
            }
        }
    }

    private void copy(String id, OutputStream into, BooleanSupplier wanted) throws IOException {
        Iterator<Chunk> chunks = ImagesGrpc.newBlockingStub(peers.channel("image"))
                .withDeadlineAfter(20, TimeUnit.MINUTES)
                .read(ReadRequest.newBuilder().setImageId(id).build());
        long unchecked = 0;
        while (chunks.hasNext()) {
            Chunk chunk = chunks.next();
            chunk.getData().writeTo(into);
            unchecked += chunk.getData().size();
            if (unchecked >= CHECK_EVERY) {
                unchecked = 0;
                if (!wanted.getAsBoolean()) {
                    throw new StorageFault.Unwanted();
                }
            }
        }
    }
}
