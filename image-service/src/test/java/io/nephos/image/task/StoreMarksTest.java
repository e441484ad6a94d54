package io.nephos.image.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.image.image.Attributes;
import io.nephos.image.image.Image;
import io.nephos.image.image.Status;
import io.nephos.image.image.Visibility;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreMarksTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-02T03:04:05Z");

    @Test
    void anImageSaysWhichImportIsUnderWayUntilItIsOver() {
        Image begun = StoreMarks.begin(image(), "t", List.of());
        assertEquals("t", begun.attributes().properties().get("os_glance_import_task"));
        assertEquals(
                "t",
                StoreMarks.put(begun, List.of(), List.of())
                        .attributes()
                        .properties()
                        .get("os_glance_import_task"));
        assertEquals(
                Map.of("os_distro", "debian", "os_glance_importing_to_stores", "", "os_glance_failed_import", ""),
                StoreMarks.end(begun, List.of()).attributes().properties());
    }

    private static Image image() {
        Attributes attributes = new Attributes(
                Optional.empty(),
                Visibility.SHARED,
                "p",
                Optional.of("raw"),
                Optional.of("bare"),
                0,
                0,
                false,
                false,
                List.of(),
                Map.of("os_distro", "debian"));
        return new Image("i", Status.QUEUED, attributes, Optional.empty(), Optional.empty(), NOW, NOW, 0);
    }
}
