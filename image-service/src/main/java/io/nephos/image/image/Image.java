package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * An image and its state machine: queued -> saving -> active <-> deactivated, back to queued when the bytes do not come,
 * and from anywhere to deleted. Each transition answers the changed image or throws the fault that Glance gives.
 */
public record Image(
        String id,
        Status status,
        Attributes attributes,
        Optional<Content> content,
        Optional<Transfer> transfer,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        long generation) {

    public Image with(Attributes changed) {
        return new Image(id, status, changed, content, transfer, createdAt, updatedAt, generation);
    }

    /** Bytes begin to arrive. 409 unless queued; 400 while its formats are not known. */
    public Image receive(Transfer arriving) {
        if (status != Status.QUEUED) {
            throw Fault.conflict("Image status transition from " + status.wire() + " to saving is not allowed.");
        }
        if (attributes.diskFormat().isEmpty() || attributes.containerFormat().isEmpty()) {
            throw Fault.badRequest("Properties disk_format and container_format must be set prior to saving data.");
        }
        return to(Status.SAVING, content, Optional.of(arriving));
    }

    /** True while that transfer is the one that fills it. */
    public boolean receives(String key) {
        return status == Status.SAVING
                && transfer.map(current -> current.key().equals(key)).orElse(false);
    }

    public Image received(Content bytes) {
        return to(Status.ACTIVE, Optional.of(bytes), Optional.empty());
    }

    /** The bytes did not come, or were refused. */
    public Image forgetTransfer() {
        return to(Status.QUEUED, Optional.empty(), Optional.empty());
    }

    /** 403 unless it is active, or was deactivated before. */
    public Image deactivate() {
        return switch (status) {
            case ACTIVE -> to(Status.DEACTIVATED, content, transfer);
            case DEACTIVATED -> this;
            case QUEUED, SAVING, DELETED -> throw notAllowed(Status.DEACTIVATED);
        };
    }

    /** 403 unless it is deactivated, or active already. */
    public Image reactivate() {
        return switch (status) {
            case DEACTIVATED -> to(Status.ACTIVE, content, transfer);
            case ACTIVE -> this;
            case QUEUED, SAVING, DELETED -> throw notAllowed(Status.ACTIVE);
        };
    }

    /** 403 while it is protected. */
    public Image delete() {
        if (attributes.isProtected()) {
            throw Fault.forbidden("Image " + id + " is protected and cannot be deleted.");
        }
        return to(Status.DELETED, content, transfer);
    }

    private RuntimeException notAllowed(Status wanted) {
        return Fault.forbidden(
                "Image status transition from " + status.wire() + " to " + wanted.wire() + " is not allowed.");
    }

    private Image to(Status next, Optional<Content> bytes, Optional<Transfer> arriving) {
        return new Image(id, next, attributes, bytes, arriving, createdAt, updatedAt, generation);
    }
}
