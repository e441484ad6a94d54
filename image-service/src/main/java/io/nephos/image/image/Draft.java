package io.nephos.image.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attributes being written, one at a time, by the names that clients use. 400, 403 and 409 as Glance has them. */
final class Draft {
    private Optional<String> name = Optional.empty();
    private Visibility visibility = Visibility.SHARED;
    private String owner;
    private Optional<String> diskFormat = Optional.empty();
    private Optional<String> containerFormat = Optional.empty();
    private int minDisk;
    private int minRam;
    private boolean isProtected;
    private boolean hidden;
    private List<String> tags = List.of();
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** Of a new image: shared with nobody yet, owned by the caller's project. */
    Draft(String owner) {
        this.owner = owner;
    }

    static Draft of(Attributes attributes) {
        Draft draft = new Draft(attributes.owner());
        draft.name = attributes.name();
        draft.visibility = attributes.visibility();
        draft.diskFormat = attributes.diskFormat();
        draft.containerFormat = attributes.containerFormat();
        draft.minDisk = attributes.minDisk();
        draft.minRam = attributes.minRam();
        draft.isProtected = attributes.isProtected();
        draft.hidden = attributes.hidden();
        draft.tags = attributes.tags();
        draft.properties.putAll(attributes.properties());
        return draft;
    }

    /** True for the API's own attributes and for properties that are there. */
    boolean has(String attribute) {
        return ImageAttribute.of(attribute).isPresent() || properties.containsKey(attribute);
    }

    void set(String attribute, JsonNode value) {
        ImageAttribute.requireWritable(attribute);
        Optional<ImageAttribute> known = ImageAttribute.of(attribute);
        if (known.isEmpty()) {
            properties.put(attribute, ImageAttribute.property(attribute, value));
            return;
        }
        ImageAttribute own = known.get();
        switch (own) {
            case NAME -> name = own.text(value);
            case VISIBILITY -> visibility = Visibility.of(own.text(value).orElseThrow());
            case OWNER -> owner = own.text(value).orElse("");
            case DISK_FORMAT -> diskFormat = own.text(value);
            case CONTAINER_FORMAT -> containerFormat = own.text(value);
            case MIN_DISK -> minDisk = own.number(value);
            case MIN_RAM -> minRam = own.number(value);
            case PROTECTED -> isProtected = own.flag(value);
            case OS_HIDDEN -> hidden = own.flag(value);
            case TAGS -> tags = own.texts(value);
            case ID,
                    STATUS,
                    CHECKSUM,
                    OS_HASH_ALGO,
                    OS_HASH_VALUE,
                    SIZE,
                    VIRTUAL_SIZE,
                    CREATED_AT,
                    UPDATED_AT,
                    SELF,
                    FILE,
                    SCHEMA -> throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
        }
    }

    /** 403 for the API's own attributes, 409 for what is not there. */
    void remove(String attribute) {
        ImageAttribute.requireWritable(attribute);
        if (ImageAttribute.of(attribute).isPresent()) {
            throw Fault.forbidden("Property " + attribute + " may not be removed.");
        }
        if (properties.remove(attribute) == null) {
            throw Fault.conflict("Property " + attribute + " does not exist.");
        }
    }

    Draft tags(List<String> all) {
        tags = List.copyOf(all);
        return this;
    }

    Attributes build() {
        return new Attributes(
                name,
                visibility,
                owner,
                diskFormat,
                containerFormat,
                minDisk,
                minRam,
                isProtected,
                hidden,
                tags,
                Collections.unmodifiableMap(new LinkedHashMap<>(properties)));
    }
}
