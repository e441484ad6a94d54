package io.nephos.block.volume;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bodies of volume requests. */
final class VolumeRequests {
    private static final int MAX_GIB = Integer.MAX_VALUE;

    private VolumeRequests() {}

    /** @param sizeGib empty: that of the source */
    record Create(
            Optional<Long> sizeGib,
            Optional<String> name,
            Optional<String> description,
            Optional<String> type,
            Optional<String> zone,
            Optional<String> image,
            Optional<String> source,
            Map<String, String> metadata) {

        /** 400 for what is malformed or asks for what is not here; 404 for a snapshot, of which there are none. */
        static Create of(@Nullable JsonNode body) {
            Fields asked = Fields.of(body, "volume");
            asked.optionalText("snapshot_id", 1, 255).ifPresent(id -> {
                throw Fault.notFound("Snapshot " + id + " could not be found.");
            });
            asked.optionalText("backup_id", 1, 255).ifPresent(id -> {
                throw Fault.notFound("Backup " + id + " could not be found.");
            });
            for (String group : new String[] {"group_id", "consistencygroup_id"}) {
                asked.optionalText(group, 1, 255).ifPresent(id -> {
                    throw Fault.notFound("Group " + id + " could not be found.");
                });
            }
            if (asked.flag("multiattach", false)) {
                throw Fault.badRequest("Volumes cannot be attached to several servers at once.");
            }
            Create create = new Create(
                    asked.optionalLong("size", 1, MAX_GIB),
                    named(asked, "name", "display_name"),
                    named(asked, "description", "display_description"),
                    asked.optionalText("volume_type", 1, 255),
                    asked.optionalText("availability_zone", 1, 255),
                    asked.optionalText("imageRef", 1, 1024).map(Create::lastSegment),
                    asked.optionalText("source_volid", 1, 64),
                    asked.textMap("metadata", 255, 255));
            if (create.sizeGib().isEmpty() && create.source().isEmpty()) {
                throw asked.required("size");
            }
            if (create.image().isPresent() && create.source().isPresent()) {
                throw Fault.badRequest("A volume is made from an image or from a volume, not from both.");
            }
            return create;
        }

        // An image may be named by its URL.
        private static String lastSegment(String image) {
            String id = image.substring(image.lastIndexOf('/') + 1);
            if (!Fields.isUuid(id)) {
                throw Fault.badRequest("Invalid imageRef provided.");
            }
            return id;
        }
    }

    /** Absent: stays as it is. */
    record Update(Optional<String> name, Optional<String> description, Optional<Map<String, String>> metadata) {
        static Update of(@Nullable JsonNode body) {
            Fields asked = Fields.of(body, "volume");
            Update update = new Update(
                    named(asked, "name", "display_name").map(String::strip),
                    named(asked, "description", "display_description"),
                    asked.has("metadata") ? Optional.of(asked.textMap("metadata", 255, 255)) : Optional.empty());
            if (asked.json().isEmpty()) {
                throw Fault.badRequest("Invalid input: the volume has nothing to be updated.");
            }
            return update;
        }
    }

    private static Optional<String> named(Fields asked, String name, String older) {
        return asked.optionalText(name, 0, 255).or(() -> asked.optionalText(older, 0, 255));
    }
}
