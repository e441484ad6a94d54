package io.nephos.image.image;

import io.nephos.kit.fault.Fault;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * An image and its state machine: queued -> saving -> active <-> deactivated, or queued -> uploading -> importing -> active;
 * back to queued when the bytes do not come, and from anywhere to deleted. More copies of the bytes may come and go meanwhile.
 * Each transition answers the changed image or throws the fault that Glance gives.
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

    /** How many bytes it has, or has in the staging area. */
    public Optional<Long> size() {
        return (status == Status.UPLOADING ? content : available()).map(Content::size);
    }

    /** Bytes begin to arrive. 409 unless queued; 400 while its formats are not known. */
    public Image receive(Transfer arriving) {
        return requireQueued(Status.SAVING).requireFormats().to(Status.SAVING, Optional.empty(), Optional.of(arriving));
    }

    /** Bytes begin to arrive in the staging area. */
    public Image stage(Transfer arriving) {
        return requireQueued(Status.UPLOADING).to(Status.UPLOADING, Optional.empty(), Optional.of(arriving));
    }

    /** All bytes are in the staging area; an import makes them the image's. */
    public Image staged(Content bytes) {
        return to(Status.UPLOADING, Optional.of(bytes), Optional.empty());
    }

    /** An import of what was staged begins. 409 unless all of it is there, and while its formats are not known. */
    public Image importStaged() {
        if (status != Status.UPLOADING || content.isEmpty()) {
            throw Fault.conflict("Image needs to be staged before 'glance-direct' method can be used.");
        }
        return requireFormatsToImport().to(Status.IMPORTING, content, Optional.empty());
    }

    /** An import from elsewhere begins. 409 unless queued, and while its formats are not known. */
    public Image importFromElsewhere() {
        return requireQueued(Status.IMPORTING)
                .requireFormatsToImport()
                .to(Status.IMPORTING, Optional.empty(), Optional.empty());
    }

    /** Bytes of a running import begin to arrive. 409 when the import was given up. */
    public Image fetch(Transfer arriving) {
        if (status != Status.IMPORTING) {
            throw Fault.conflict("Image " + id + " is " + status.wire() + ", not importing.");
        }
        return to(Status.IMPORTING, content, Optional.of(arriving));
    }

    /** All bytes of a running import are there; it goes on. */
    public Image fetched(Content bytes) {
        return to(Status.IMPORTING, Optional.of(bytes), Optional.empty());
    }

    /** Another copy of its bytes begins to be made. 409 while they are not all there, or another is being made. */
    public Image copying(Transfer arriving) {
        boolean there = status == Status.IMPORTING || status == Status.ACTIVE || status == Status.DEACTIVATED;
        if (!there || content.isEmpty() || transfer.isPresent()) {
            throw Fault.conflict("Image " + id + " is " + status.wire() + ": its data cannot be copied now.");
        }
        return to(status, content, Optional.of(arriving));
    }

    /** The other copy is there. 409 when it is not the same, byte for byte. */
    public Image copied(Content another) {
        Content known = content.orElseThrow();
        if (!known.sha512().isEmpty() && !known.sha512().equals(another.sha512())) {
            throw Fault.conflict("The data of image " + id + " is not what it was when it came.");
        }
        return to(status, Optional.of(known.with(another.copies().getFirst())), Optional.empty());
    }

    /** Its bytes are of that disk format from now on. */
    public Image inFormat(String diskFormat) {
        return with(attributes.inFormat(diskFormat));
    }

    /** One copy is given up. */
    public Image without(Content.Copy copy) {
        return to(
                status,
                content.map(bytes -> bytes.with(bytes.copies().stream()
                        .filter(other -> !other.equals(copy))
                        .toList())),
                transfer);
    }

    /** Its bytes lie there. */
    public Image at(Content bytes) {
        return to(Status.ACTIVE, Optional.of(bytes), Optional.empty());
    }

    /** True while that transfer is the one that fills it. */
    public boolean receives(String key) {
        return status != Status.DELETED
                && transfer.map(current -> current.key().equals(key)).orElse(false);
    }

    public Image received(Content bytes) {
        return to(Status.ACTIVE, Optional.of(bytes), Optional.empty());
    }

    /** The bytes did not come, or were refused; what was there before is there still. */
    public Image forgetTransfer() {
        return switch (status) {
            case QUEUED, SAVING, UPLOADING -> to(Status.QUEUED, Optional.empty(), Optional.empty());
            case IMPORTING, ACTIVE, DEACTIVATED, DELETED -> to(status, content, Optional.empty());
        };
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
        return this;
    }

    private Image requireFormats() {
        if (attributes.diskFormat().isEmpty() || attributes.containerFormat().isEmpty()) {
            throw Fault.badRequest("Properties disk_format and container_format must be set prior to saving data.");
        }
        return this;
    }

    private Image requireFormatsToImport() {
        if (attributes.containerFormat().isEmpty()) {
            throw Fault.conflict("'container_format' needs to be set before import");
        }
        if (attributes.diskFormat().isEmpty()) {
            throw Fault.conflict("'disk_format' needs to be set before import");
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
