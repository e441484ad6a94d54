package io.nephos.image.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nephos.kit.fault.FaultException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImagePatchTest {
    private static final Attributes BEFORE = new Attributes(
            Optional.of("n"),
            Visibility.PRIVATE,
            "p",
            Optional.of("raw"),
            Optional.of("bare"),
            0,
            0,
            false,
            false,
            List.of("t"),
            Map.of("colour", "red"));

    @Test
    void operationsAreAppliedInTheOrderSent() throws Exception {
        Attributes after = apply(
                "[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"1\"},{\"op\":\"replace\",\"path\":\"/a\",\"value\":\"2\"},"
                        + "{\"op\":\"remove\",\"path\":\"/colour\"}]",
                false);
        assertEquals(Map.of("a", "2"), after.properties());
        assertEquals("red", BEFORE.properties().get("colour"));
    }

    @Test
    void theOlderMediaTypeNamesTheOperationByItsKey() throws Exception {
        assertEquals(
                Optional.of("m"),
                apply("[{\"replace\":\"/name\",\"value\":\"m\"}]", true).name());
        assertEquals(
                Map.of("colour", "red", "a", "1"),
                apply("[{\"add\":\"/a\",\"value\":\"1\"}]", true).properties());
    }

    @Test
    void theOlderMediaTypeAddsOnlyWhatIsNew() {
        assertEquals(409, refusal("[{\"add\":\"/colour\",\"value\":\"blue\"}]", true));
        assertEquals(400, refusal("[{\"add\":\"/x\",\"remove\":\"/y\",\"value\":\"blue\"}]", true));
        assertEquals(400, refusal("[{}]", true));
    }

    @Test
    void pointersAreUnescapedAndHaveOneStep() throws Exception {
        assertEquals(
                "v",
                apply("[{\"op\":\"add\",\"path\":\"/a~1b~0\",\"value\":\"v\"}]", false)
                        .properties()
                        .get("a/b~"));
        for (String path : List.of("a", "", "/", "/a/b", "/a~2", "/a~")) {
            assertEquals(400, refusal("[{\"op\":\"add\",\"path\":\"" + path + "\",\"value\":\"v\"}]", false), path);
        }
    }

    @Test
    void whatOnlyTheServiceWritesIsForbidden() {
        for (String path :
                List.of("id", "status", "size", "checksum", "created_at", "self", "deleted", "os_glance_x")) {
            assertEquals(403, refusal("[{\"op\":\"add\",\"path\":\"/" + path + "\",\"value\":\"v\"}]", false), path);
            assertEquals(403, refusal("[{\"op\":\"remove\",\"path\":\"/" + path + "\"}]", false), path);
        }
    }

    @Test
    void valuesMustBeWhatTheAttributeHolds() {
        for (String change : List.of(
                "\"/min_ram\",\"value\":\"1\"",
                "\"/min_ram\",\"value\":-1",
                "\"/min_disk\",\"value\":99999999999",
                "\"/protected\",\"value\":\"yes\"",
                "\"/tags\",\"value\":\"t\"",
                "\"/tags\",\"value\":[7]",
                "\"/visibility\",\"value\":null",
                "\"/name\",\"value\":7",
                "\"/colour\",\"value\":null",
                "\"/colour\",\"value\":\"\\ud800\"",
                "\"/disk_format\",\"value\":\"floppy\"")) {
            assertEquals(400, refusal("[{\"op\":\"replace\",\"path\":" + change + "}]", false), change);
        }
    }

    private static Attributes apply(String patch, boolean older) throws JsonProcessingException {
        return ImagePatch.parse(new JsonMapper().readTree(patch), older).apply(BEFORE);
    }

    private static int refusal(String patch, boolean older) {
        return assertThrows(FaultException.class, () -> apply(patch, older))
                .fault()
                .usualStatus();
    }
}
