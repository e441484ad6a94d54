package io.nephos.image.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a task carries out: the import of an image that is there, the older one that makes its image as well, or a look at
 * the bytes that lie elsewhere.
 */
public enum TaskType {
    API_IMAGE_IMPORT,
    IMPORT,
    LOCATION_IMPORT;

    public static List<String> names() {
        return Arrays.stream(values()).map(TaskType::wire).toList();
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of the reconciler that carries it out. */
    String reconciler() {
        return this == LOCATION_IMPORT ? LocationReconciler.KIND : TaskReconciler.KIND;
    }

    static Optional<TaskType> of(String wire) {
        return Arrays.stream(values()).filter(type -> type.wire().equals(wire)).findFirst();
    }
}
