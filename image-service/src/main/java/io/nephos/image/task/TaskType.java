package io.nephos.image.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a task carries out: the import of an image that is there, or the older one that makes its image as well. */
public enum TaskType {
    API_IMAGE_IMPORT,
    IMPORT;

    public static List<String> names() {
        return Arrays.stream(values()).map(TaskType::wire).toList();
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<TaskType> of(String wire) {
        return Arrays.stream(values()).filter(type -> type.wire().equals(wire)).findFirst();
    }
}
