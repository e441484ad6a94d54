package io.nephos.image.task;

import io.nephos.image.backend.Backend;
import io.nephos.image.image.Image;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says on the image, as Glance does, to which stores its bytes are still to come and to which they did not. */
final class StoreMarks {
    private static final String FAILED = "os_glance_failed_import";
    private static final String TO_COME = "os_glance_importing_to_stores";

    private StoreMarks() {}

    static Image put(Image image, List<Backend> toCome, List<Backend> failed) {
        Map<String, String> properties = new LinkedHashMap<>(image.attributes().properties());
        properties.put(TO_COME, ids(toCome));
        properties.put(FAILED, ids(failed));
        return image.with(image.attributes().with(properties));
    }

    private static String ids(List<Backend> stores) {
        return stores.stream().map(Backend::id).collect(Collectors.joining(","));
    }
}
