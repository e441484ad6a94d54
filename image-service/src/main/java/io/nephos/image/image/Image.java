package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * An image and its state machine: queued -> saving -> active <-> deactivated, or queued -> uploading -> importing -> active;
 * back to queued when the bytes do not come, and from anywhere to deleted. Each transition answers the changed image or throws the fault that Glance gives.
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

    /** Its bytes, when they are there to be read. */
    public Optional<Content> available() {
        return switch (status) {
            case ACTIVE, DEACTIVATED, DELETED -> content;
            case QUEUED, SAVING, UPLOADING, IMPORTING -> Optional.empty();
        };
    }

    /** Bytes begin to arrive. 409 unless queued; 400 while its formats are not known. */
    public Image receive(Transfer arriving) {
        return requireQueued(Status.SAVING).to(Status.SAVING, Optional.empty(), Optional.of(arriving));
    }

    /** Bytes begin to arrive in the staging area. */
    public Image stage(Transfer arriving) {
        return requireQueued(Status.UPLOADING).to(Status.UPLOADING, Optional.empty(), Optional.of(arriving));
    }

    /** All bytes are in the staging area; an import makes them the image's. */
    public Image staged(Content bytes) {
        return to(Status.UPLOADING, Optional.of(bytes), Optional.empty());
    }

    /** An import of what was staged begins. 409 unless all of it is there. */
    public Image importStaged() {
        if (status != Status.UPLOADING || content.isEmpty()) {
            throw Fault.conflict("Image needs to be staged before 'glance-direct' method can be used.");
        }
        return to(Status.IMPORTING, content, Optional.empty());
    }

    /** An import from elsewhere begins. */
    public Image importFromElsewhere() {
        return requireQueued(Status.IMPORTING).to(Status.IMPORTING, Optional.empty(), Optional.empty());
    }

    /** Bytes of a running import begin to arrive. 409 when the import was given up. */
    public Image fetch(Transfer arriving) {
        if (status != Status.IMPORTING) {
            throw Fault.conflict("Image " + id + " is " + status.wire() + ", not importing.");
        }
        return to(Status.IMPORTING, Optional.empty(), Optional.of(arriving));
    }

    /** True while that transfer is the one that fills it. */
    public boolean receives(String key) {
        return status != Status.DELETED
                && transfer.map(current -> current.key().equals(key)).orElse(false);
    }

    public Image received(Content bytes) {
        return to(Status.ACTIVE, Optional.of(bytes), Optional.empty());
    }

    /** The bytes did not come, or were refused. A running import may fetch them again. */
    public Image forgetTransfer() {
        Status next = status == Status.IMPORTING ? Status.IMPORTING : Status.QUEUED;
        return to(next, Optional.empty(), Optional.empty());
    }

    /** The import is given up; the image waits for bytes as before. */
    public Image importFailed() {
        return to(Status.QUEUED, Optional.empty(), Optional.empty());
    }

    private Image requireQueued(Status wanted) {
        if (status != Status.QUEUED) {
            throw Fault.conflict(
                    "Image status transition from " + status.wire() + " to " + wanted.wire() + " is not allowed.");
        }
        if (attributes.diskFormat().isEmpty() || attributes.containerFormat().isEmpty()) {
            throw Fault.badRequest("Properties disk_format and container_format must be set prior to saving data.");
        }
        return this;
    }

    /** 403 unless it is active, or was deactivated before. */
    public Image deactivate() {
        return switch (status) {
            case ACTIVE -> to(Status.DEACTIVATED, content, transfer);
            case DEACTIVATED -> this;
            case QUEUED, SAVING, UPLOADING, IMPORTING, DELETED -> throw notAllowed(Status.DEACTIVATED);
        };
    }

    /** 403 unless it is deactivated, or active already. */
    public Image reactivate() {
        return switch (status) {
            case DEACTIVATED -> to(Status.ACTIVE, content, transfer);
            case ACTIVE -> this;
            case QUEUED, SAVING, UPLOADING, IMPORTING, DELETED -> throw notAllowed(Status.ACTIVE);
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
