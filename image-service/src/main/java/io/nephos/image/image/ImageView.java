package io.nephos.image.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;

/** An image as clients see it: its properties beside its attributes, null for what is not known. */
public final class ImageView {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private ImageView() {}

    public static ObjectNode of(Image image) {
        Attributes attributes = image.attributes();
        Optional<Content> bytes = image.available();
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        attributes.properties().forEach(view::put);
        view.put("name", attributes.name().orElse(null));
        view.put("disk_format", attributes.diskFormat().orElse(null));
        view.put("container_format", attributes.containerFormat().orElse(null));
        view.put("visibility", attributes.visibility().wire());
        view.put("size", image.size().orElse(null));
        view.put("virtual_size", bytes.flatMap(Content::virtualSize).orElse(null));
        view.put("status", image.status().wire());
        view.put(
                "checksum",
                bytes.map(Content::md5).filter(known -> !known.isEmpty()).orElse(null));
        view.put("protected", attributes.isProtected());
        view.put("min_ram", attributes.minRam());
        view.put("min_disk", attributes.minDisk());
        view.put("owner", attributes.owner().isEmpty() ? null : attributes.owner());
        view.put("os_hidden", attributes.hidden());
        Optional<String> sha512 = bytes.map(Content::sha512).filter(known -> !known.isEmpty());
        view.put("os_hash_algo", sha512.isPresent() ? "sha512" : null);
        view.put("os_hash_value", sha512.orElse(null));
        view.put("id", image.id());
        view.put("created_at", time(image.createdAt()));
        view.put("updated_at", time(image.updatedAt()));
        ArrayNode tags = view.putArray("tags");
        attributes.tags().forEach(tags::add);
        bytes.ifPresent(content -> view.put(
                "stores",
                content.copies().stream()
                        .map(Content.Copy::backend)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(","))));
        view.put("self", "/v2/images/" + image.id());
        view.put("file", "/v2/images/" + image.id() + "/file");
        view.put("schema", "/v2/schemas/image");
        return view;
    }

    /** {@code 2026-02-01T10:20:30Z}. */
    public static String time(OffsetDateTime time) {
        return TIME.format(time);
    }
}
