package io.nephos.image.backend;

import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * What the configuration says of one store, under {@code nephos.image.store.ID.}
 *
 * @param directory on this host; what is put in its {@code spool} folder may be lost with the process
 */
public record BackendSettings(String id, Config config, Path directory) {
    public Optional<String> text(String name) {
        return config.getOptionalValue(key(name), String.class);
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    public String required(String name) {
        return text(name).orElseThrow(() -> wrong(name, "is missing"));
    }

    public int number(String name, int otherwise, int least, int most) {
        int value = config.getOptionalValue(key(name), Integer.class).orElse(otherwise);
        if (value < least || value > most) {
            throw wrong(name, "is " + value + ", not between " + least + " and " + most);
        }
        return value;
    }

    public IllegalArgumentException wrong(String name, String how) {
        return new IllegalArgumentException(key(name) + " " + how + ".");
    }

    private String key(String name) {
        return "nephos.image.store." + id + "." + name;
    }
}
