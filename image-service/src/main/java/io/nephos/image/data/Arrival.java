package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.Transfer;
import io.nephos.image.quota.Room;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes that are to come: what for, where to, and how many when somebody said so.
 *
 * @param format what they are, when it is another disk format than the image's
 * @param room that there must be for them, when they begin to come and when they are there
 */
public record Arrival(Purpose purpose, Backend store, OptionalLong announced, Optional<String> format, Room room) {
    public Arrival(Purpose purpose, Backend store, OptionalLong announced) {
        this(purpose, store, announced, Optional.empty(), Room.ENOUGH);
    }

    public Arrival in(Room needed) {
        return new Arrival(purpose, store, announced, format, needed);
    }

    public Arrival as(Optional<String> diskFormat) {
        return new Arrival(purpose, store, announced, diskFormat, room);
    }

    /** What the bytes are for: how an image begins to take them, and what it is when it has them. */
    public enum Purpose {
        DATA,
        STAGING,
        IMPORT,
        COPY
    }

    Image begin(Image image, Transfer transfer) {
        return switch (purpose) {
            case DATA -> image.receive(transfer);
            case STAGING -> image.stage(transfer);
            case IMPORT -> image.fetch(transfer);
            case COPY -> image.copying(transfer);
        };
    }

    Image end(Image image, Content content) {
        return switch (purpose) {
            case DATA -> image.received(content);
            case STAGING -> image.staged(content);
            case IMPORT -> format.map(image::inFormat).orElse(image).fetched(content);
            case COPY -> image.copied(content);
        };
    }

    /** The disk format that the bytes must have. */
    String diskFormat(Image image) {
        return format.or(() -> image.attributes().diskFormat()).orElse("");
    }
}
