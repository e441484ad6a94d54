package io.nephos.image.info;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How an import comes by its bytes: from the staging area, from a web server, from a store that has them. */
public enum ImportMethod {
    GLANCE_DIRECT,
    WEB_DOWNLOAD,
    COPY_IMAGE;

    public static List<String> names() {
        return Arrays.stream(values()).map(ImportMethod::wire).toList();
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ImportMethod> of(String wire) {
        return Arrays.stream(values())
                .filter(method -> method.wire().equals(wire))
                .findFirst();
    }
}
