package io.nephos.image.schema;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.Attributes;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageView;
import io.nephos.image.image.Status;
import io.nephos.image.image.Visibility;
import io.nephos.kit.fault.FaultException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServedSchemaTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private final JsonSchema schema = new JsonSchema("image", new SchemaResource().image());

    @Test
    void whatIsServedFitsTheSchemaThatIsServed() {
        Content content = new Content(
                5, Optional.of(5L), "a".repeat(32), "b".repeat(128), List.of(new Content.Copy("file", "k")));
        assertDoesNotThrow(() -> schema.require(ImageView.of(image(Status.QUEUED, Optional.empty()))));
        assertDoesNotThrow(() -> schema.require(ImageView.of(image(Status.ACTIVE, Optional.of(content)))));
    }

    @Test
    void whatIsNotAnImageDoesNot() {
        for (String attribute :
                List.of("id", "visibility", "min_disk", "protected", "tags", "disk_format", "os_distro")) {
            ObjectNode view = ImageView.of(image(Status.QUEUED, Optional.empty()));
            view.putObject(attribute);
            assertThrows(FaultException.class, () -> schema.require(view), attribute);
        }
    }

    private static Image image(Status status, Optional<Content> content) {
        Attributes attributes = new Attributes(
                Optional.of("n"),
                Visibility.SHARED,
                "p",
                Optional.of("raw"),
                Optional.empty(),
                1,
                64,
                false,
                false,
                List.of("t"),
                Map.of("os_distro", "debian"));
        return new Image(UUID.randomUUID().toString(), status, attributes, content, Optional.empty(), NOW, NOW, 0);
    }
}
