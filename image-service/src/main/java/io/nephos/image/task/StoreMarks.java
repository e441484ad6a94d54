package io.nephos.image.task;

import io.nephos.image.backend.Backend;
import io.nephos.image.image.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Says on the image, as Glance does, which import is under way, to which stores its bytes are still to come and to which they
 * did not.
 */
final class StoreMarks {
    private static final String FAILED = "os_glance_failed_import";
    private static final String TO_COME = "os_glance_importing_to_stores";
    private static final String TASK = "os_glance_import_task";

    private StoreMarks() {}

    /** An import begins. */
    static Image begin(Image image, String taskId, List<Backend> toCome) {
        return marked(image, toCome, List.of(), properties -> properties.put(TASK, taskId));
    }

    /** It is over. */
    static Image end(Image image, List<Backend> failed) {
        return marked(image, List.of(), failed, properties -> properties.remove(TASK));
    }

    static Image put(Image image, List<Backend> toCome, List<Backend> failed) {
        return marked(image, toCome, failed, properties -> {});
    }

    private static Image marked(
            Image image, List<Backend> toCome, List<Backend> failed, Consumer<Map<String, String>> mark) {
        Map<String, String> properties = new LinkedHashMap<>(image.attributes().properties());
        properties.put(TO_COME, ids(toCome));
        properties.put(FAILED, ids(failed));
        mark.accept(properties);
        return image.with(image.attributes().with(properties));
    }

    private static String ids(List<Backend> stores) {
        return stores.stream().map(Backend::id).collect(Collectors.joining(","));
    }
}
