package io.nephos.image.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An {@link Image} as it lies in the table. */
@Entity
@Table(name = "image")
class ImageRow {
    static final String COLUMNS =
            "id, name, status, visibility, owner, disk_format, container_format, min_disk, min_ram, protected, os_hidden,"
                    + " tags, properties, size, virtual_size, checksum, os_hash_value, copies, created_at, updated_at,"
                    + " generation";
    private static final JsonMapper JSON = new JsonMapper();

    @Id
    String id;

    @Nullable
    String name;

    String status;
    String visibility;
    String owner;

    @Column(name = "disk_format")
    @Nullable
    String diskFormat;

    @Column(name = "container_format")
    @Nullable
    String containerFormat;

    @Column(name = "min_disk")
    int minDisk;

    @Column(name = "min_ram")
    int minRam;

    @Column(name = "protected")
    boolean isProtected;

    @Column(name = "os_hidden")
    boolean hidden;

    String tags;
    String properties;

    @Nullable
    Long size;

    @Column(name = "virtual_size")
    @Nullable
    Long virtualSize;

    @Nullable
    String checksum;

    @Column(name = "os_hash_algo")
    @Nullable
    String hashAlgorithm;

    @Column(name = "os_hash_value")
    @Nullable
    String sha512;

    String copies;

    @Column(name = "transfer_key")
    @Nullable
    String transferKey;

    @Column(name = "transfer_store")
    String transferStore;

    @Column(name = "transfer_owner")
    @Nullable
    String transferOwner;

    @Column(name = "transfer_until")
    @Nullable
    OffsetDateTime transferUntil;

    @Column(name = "ticket_until")
    @Nullable
    OffsetDateTime ticketUntil;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    @Version
    long generation;

    static ImageRow of(Image image) {
        ImageRow row = new ImageRow();
        row.id = image.id();
        row.createdAt = image.createdAt();
        row.take(image);
        return row;
    }

    /** All but the identity, the tickets and the generation. */
    void take(Image image) {
        Attributes attributes = image.attributes();
        name = attributes.name().orElse(null);
        status = image.status().wire();
        visibility = attributes.visibility().wire();
        owner = attributes.owner();
        diskFormat = attributes.diskFormat().orElse(null);
        containerFormat = attributes.containerFormat().orElse(null);
        minDisk = attributes.minDisk();
        minRam = attributes.minRam();
        isProtected = attributes.isProtected();
        hidden = attributes.hidden();
        tags = write(attributes.tags());
        properties = write(attributes.properties());
        size = image.content().map(Content::size).orElse(null);
        virtualSize = image.content().flatMap(Content::virtualSize).orElse(null);
        checksum = image.content().map(Content::md5).orElse(null);
        hashAlgorithm = image.content()
                        .map(Content::sha512)
                        .filter(hash -> !hash.isEmpty())
                        .isPresent()
                ? "sha512"
                : null;
        sha512 = image.content().map(Content::sha512).orElse(null);
        copies = write(image.content().map(Content::copies).orElse(List.of()));
        transferKey = image.transfer().map(Transfer::key).orElse(null);
        transferStore = image.transfer().map(Transfer::store).orElse("");
        transferOwner = image.transfer().map(Transfer::owner).orElse(null);
        transferUntil = image.transfer().map(Transfer::until).orElse(null);
        updatedAt = image.updatedAt();
    }

    /** A row of {@link #COLUMNS}; without the transfer, which no view needs. */
    static ImageRow of(Row found) {
        ImageRow row = new ImageRow();
        row.id = found.getString("id");
        row.name = found.getString("name");
        row.status = found.getString("status");
        row.visibility = found.getString("visibility");
        row.owner = found.getString("owner");
        row.diskFormat = found.getString("disk_format");
        row.containerFormat = found.getString("container_format");
        row.minDisk = found.getInteger("min_disk");
        row.minRam = found.getInteger("min_ram");
        row.isProtected = found.getBoolean("protected");
        row.hidden = found.getBoolean("os_hidden");
        row.tags = found.getString("tags");
        row.properties = found.getString("properties");
        row.size = found.getLong("size");
        row.virtualSize = found.getLong("virtual_size");
        row.checksum = found.getString("checksum");
        row.sha512 = found.getString("os_hash_value");
        row.copies = found.getString("copies");
        row.createdAt = found.getOffsetDateTime("created_at");
        row.updatedAt = found.getOffsetDateTime("updated_at");
        row.generation = found.getLong("generation");
        return row;
    }

    Image toImage() {
        return new Image(
                id,
                Status.of(status),
                new Attributes(
                        Optional.ofNullable(name),
                        Visibility.of(visibility),
                        owner,
                        Optional.ofNullable(diskFormat),
                        Optional.ofNullable(containerFormat),
                        minDisk,
                        minRam,
                        isProtected,
                        hidden,
                        read(tags, new TypeReference<List<String>>() {}),
                        read(properties, new TypeReference<Map<String, String>>() {})),
                content(),
                transfer(),
                createdAt,
                updatedAt,
                generation);
    }

    private Optional<Content> content() {
        if (size == null || checksum == null || sha512 == null) {
            return Optional.empty();
        }
        return Optional.of(new Content(
                size,
                Optional.ofNullable(virtualSize),
                checksum,
                sha512,
                read(copies, new TypeReference<List<Content.Copy>>() {})));
    }

    private Optional<Transfer> transfer() {
        if (transferKey == null || transferOwner == null || transferUntil == null) {
            return Optional.empty();
        }
        return Optional.of(new Transfer(transferStore, transferKey, transferOwner, transferUntil));
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An image row holds what is not its JSON", e);
        }
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
