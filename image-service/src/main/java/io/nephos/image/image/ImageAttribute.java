package io.nephos.image.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every attribute that the API itself knows: what it may hold and who writes it. The schema documents are made from this
 * list, and what clients send is checked by it.
 */
public enum ImageAttribute {
    ID(Kind.UUID, "An identifier for the image"),
    NAME(Kind.NULLABLE_TEXT, "Descriptive name for the image"),
    STATUS(Kind.READ_ONLY_TEXT, "Status of the image"),
    VISIBILITY(Kind.CHOICE, "Scope of image accessibility", "community", "public", "private", "shared"),
    PROTECTED(Kind.FLAG, "If true, image will not be deletable."),
    OS_HIDDEN(Kind.FLAG, "If true, image will not appear in default image list response."),
    CHECKSUM(Kind.READ_ONLY_TEXT, "md5 hash of image contents."),
    OS_HASH_ALGO(Kind.READ_ONLY_TEXT, "Algorithm to calculate the os_hash_value"),
    OS_HASH_VALUE(Kind.READ_ONLY_TEXT, "Hexdigest of the image contents by the algorithm of os_hash_algo"),
    OWNER(Kind.NULLABLE_TEXT, "Owner of the image"),
    SIZE(Kind.READ_ONLY_NUMBER, "Size of image file in bytes"),
    VIRTUAL_SIZE(Kind.READ_ONLY_NUMBER, "Virtual size of image in bytes"),
    CONTAINER_FORMAT(
            Kind.NULLABLE_CHOICE,
            "Format of the container",
            "ami",
            "ari",
            "aki",
            "bare",
            "ovf",
            "ova",
            "docker",
            "compressed"),
    DISK_FORMAT(
            Kind.NULLABLE_CHOICE,
            "Format of the disk",
            "ami",
            "ari",
            "aki",
            "vhd",
            "vhdx",
            "vmdk",
            "raw",
            "qcow2",
            "vdi",
            "iso",
            "ploop"),
    CREATED_AT(Kind.READ_ONLY_TEXT, "Date and time of image registration"),
    UPDATED_AT(Kind.READ_ONLY_TEXT, "Date and time of the last image modification"),
    TAGS(Kind.TEXTS, "List of strings related to the image"),
    MIN_RAM(Kind.NUMBER, "Amount of ram (in MB) required to boot image."),
    MIN_DISK(Kind.NUMBER, "Amount of disk space (in GB) required to boot image."),
    SELF(Kind.READ_ONLY_TEXT, "An image self url"),
    FILE(Kind.READ_ONLY_TEXT, "An image file url"),
    SCHEMA(Kind.READ_ONLY_TEXT, "An image schema url");

    /** What kind of value an attribute has. */
    public enum Kind {
        UUID,
        NULLABLE_TEXT,
        CHOICE,
        NULLABLE_CHOICE,
        FLAG,
        NUMBER,
        TEXTS,
        READ_ONLY_TEXT,
        READ_ONLY_NUMBER;

        public boolean readOnly() {
            return this == READ_ONLY_TEXT || this == READ_ONLY_NUMBER;
        }
    }

    public static final int LONGEST_TEXT = 255;
    private static final int LONGEST_PROPERTY = 65_535;
    private static final Set<String> RESERVED = Set.of("location", "deleted", "deleted_at");
    private static final Set<String> ALSO_READ_ONLY = Set.of("direct_url", "stores", "locations");
    private static final Map<String, ImageAttribute> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(ImageAttribute::wire, Function.identity()));

    private final Kind kind;
    private final String description;
    private final List<String> choices;

    ImageAttribute(Kind kind, String description, String... choices) {
        this.kind = kind;
        this.description = description;
        this.choices = List.of(choices);
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Kind kind() {
        return kind;
    }

    public String description() {
        return description;
    }

    public List<String> choices() {
        return choices;
    }

    static Optional<ImageAttribute> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** 403 for what only the service writes, or nobody. */
    static void requireWritable(String name) {
        if (RESERVED.contains(name) || name.startsWith("os_glance_")) {
            throw Fault.forbidden("Attribute '" + name + "' is reserved.");
        }
        if (ALSO_READ_ONLY.contains(name)
                || of(name).map(attribute -> attribute.kind.readOnly()).orElse(false)) {
            throw Fault.forbidden("Attribute '" + name + "' is read-only.");
        }
    }

    Optional<String> text(JsonNode value) {
        if (value.isNull() && kind != Kind.CHOICE && kind != Kind.UUID) {
            return Optional.empty();
        }
        String text = value.isTextual() ? value.textValue() : "";
        boolean fits = switch (kind) {
            case UUID -> value.isTextual() && text.length() == 36 && Fields.isUuid(text);
            case CHOICE, NULLABLE_CHOICE -> choices.contains(text);
            case NULLABLE_TEXT -> value.isTextual() && clean(text, LONGEST_TEXT);
            case FLAG, NUMBER, TEXTS, READ_ONLY_TEXT, READ_ONLY_NUMBER -> false;
        };
        if (!fits) {
            throw mismatch(
                    wire(),
                    switch (kind) {
                        case UUID -> "must be a UUID of 36 characters";
                        case CHOICE, NULLABLE_CHOICE -> "must be one of " + choices;
                        default -> "must be a string of at most " + LONGEST_TEXT + " characters";
                    });
        }
        return Optional.of(text);
    }

    int number(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw mismatch(wire(), "must be an integer from 0 to " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    boolean flag(JsonNode value) {
        if (!value.isBoolean()) {
            throw mismatch(wire(), "must be true or false");
        }
        return value.booleanValue();
    }

    List<String> texts(JsonNode value) {
        if (!value.isArray()) {
            throw mismatch(wire(), "must be a list of strings");
        }
        Set<String> all = new LinkedHashSet<>();
        value.forEach(item -> all.add(tag(item.isTextual() ? item.textValue() : "\0")));
        return List.copyOf(all);
    }

    /** A good tag, or 400. */
    public static String tag(String text) {
        if (!clean(text, LONGEST_TEXT)) {
            throw mismatch("tags", "must hold strings of at most " + LONGEST_TEXT + " characters");
        }
        return text;
    }

    static String property(String name, JsonNode value) {
        if (name.isEmpty() || !clean(name, LONGEST_TEXT)) {
            throw Fault.badRequest("A property's name must have 1 to " + LONGEST_TEXT + " characters.");
        }
        if (!value.isTextual() || !clean(value.textValue(), LONGEST_PROPERTY)) {
            throw mismatch(name, "must be a string of at most " + LONGEST_PROPERTY + " characters");
        }
        return value.textValue();
    }

    private static boolean clean(String text, int longest) {
        return text.length() <= longest && text.indexOf('\0') < 0 && wellFormed(text);
    }

    // PostgreSQL refuses half a surrogate pair, which JSON can spell.
    private static boolean wellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static FaultException mismatch(String name, String rule) {
        return Fault.badRequest("Provided object does not match schema 'image': '" + name + "' " + rule + ".");
    }
}
