package io.nephos.image.image;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Takes back what an upload left that nobody carries on, and removes the bytes of deleted images once no host has a right
 * to them any more.
 */
@ApplicationScoped
public class ImageReconciler implements Reconciler {
    static final String KIND = "image";
    private static final Logger LOG = Logger.getLogger(ImageReconciler.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    /** How often it is tried to remove the bytes of a deleted image that disks are cloned from. */
    private static final Duration WHILE_CLONED = Duration.ofMinutes(1);

    private final ImageStore images;
    private final Backends backends;

    @Inject
    public ImageReconciler(ImageStore images, Backends backends) {
        this.images = images;
        this.backends = backends;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<Image> found = images.withTransfer(id);
        if (found.isEmpty()) {
            return Reconciler.done();
        }
        Image image = found.get();
        return switch (image.status()) {
            case QUEUED, SAVING, UPLOADING, IMPORTING, ACTIVE, DEACTIVATED ->
                image.transfer().isPresent() ? watchTransfer(image) : Reconciler.done();
            case DELETED -> remove(image);
        };
    }

    /** Gives an upload up whose process has not been heard of for too long. */
    private Outcome watchTransfer(Image image) {
        if (image.transfer().filter(this::alive).isPresent()) {
            return Reconciler.again(PAUSE);
        }
        abandon(image);
        return Reconciler.done();
    }

    private Outcome remove(Image image) {
        if (image.transfer().filter(this::alive).isPresent() || images.ticketLives(image.id())) {
            return Reconciler.again(PAUSE);
        }
        image.transfer().ifPresent(transfer -> backends.of(transfer.store()).delete(transfer.key()));
        try {
            image.content()
                    .ifPresent(content -> content.copies()
                            .forEach(copy -> backends.of(copy.backend()).delete(copy.key())));
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof Backend.InUseException) {
                LOG.debugf("The bytes of image %s stay for now: %s", image.id(), e.getMessage());
                return Reconciler.again(WHILE_CLONED);
            }
            throw e;
        }
        images.forget(image.id());
        return Reconciler.done();
    }

    /** The image waits for its bytes again, and what came of them is gone. */
    public void abandon(Image image) {
        image.transfer().ifPresent(transfer -> {
            try {
                backends.of(transfer.store()).delete(transfer.key());
            } catch (UncheckedIOException e) {
                // The image does not wait for a store that cannot be reached; the sweep finds what is left there.
                LOG.warnf("What came of image %s is removed later: %s", image.id(), e.getMessage());
            }
            images.change(image.id(), now -> now.receives(transfer.key()) ? now.forgetTransfer() : now);
        });
    }

    private boolean alive(Transfer transfer) {
        return transfer.until().isAfter(OffsetDateTime.now());
    }
}
