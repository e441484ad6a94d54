package io.nephos.image.backend;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The stores that this service has, the usual one first: {@code nephos.image.stores=ID,ID...}, and of each
 * {@code nephos.image.store.ID.type} (file or s3) with what that type needs. Without the list there is one, "file", at
 * {@code nephos.image.store.path}.
 */
@ApplicationScoped
public class Backends {
    private final List<Backend> all;
    private final FileBackend staging;
    private final boolean locations;

    @Inject
    public Backends(
            Config config,
            WebSource web,
            @ConfigProperty(name = "nephos.image.store.path") String path,
            @ConfigProperty(name = "nephos.image.stores", defaultValue = "file") List<String> ids,
            @ConfigProperty(name = "nephos.image.show-multiple-locations", defaultValue = "false") boolean locations) {
        List<Backend> made = new ArrayList<>();
        ids.forEach(id -> made.add(make(config, id, path)));
        this.staging = made.stream()
                .filter(FileBackend.class::isInstance)
                .map(FileBackend.class::cast)
                .findFirst()
                .orElseGet(() -> new FileBackend("staging", "What waits for its import", Path.of(path, "staging")));
        if (locations) {
            made.add(new HttpBackend(web));
        }
        this.all = List.copyOf(made);
        this.locations = locations;
    }

    /** Where bytes go when nobody asked for another place. */
    public Backend usual() {
        return all.getFirst();
    }

    /** Where bytes wait for their import, in files; one of the stores where one is made of files. */
    public Backend staging() {
        return staging;
    }

    /** A file beside what is staged, for what works on files; {@code staging().delete(key)} removes it. */
    public Path scratch(String key) {
        return staging.scratch(key);
    }

    /** Empty is the usual one. IllegalArgumentException when there is none of that id. */
    public Backend of(String id) {
        if (id.isEmpty()) {
            return usual();
        }
        return every().filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no store " + id + "."));
    }

    /** The store that clients may name so. */
    public Optional<Backend> named(String id) {
        return all.stream().filter(backend -> backend.id().equals(id)).findFirst();
    }

    public List<Backend> all() {
        return all;
    }

    /** Those that bytes can be put in. */
    public List<Backend> writable() {
        return all.stream().filter(backend -> !backend.readOnly()).toList();
    }

    /** All, and the staging area. */
    public Stream<Backend> every() {
        return Stream.concat(all.stream(), Stream.of(staging)).distinct();
    }

    /** Clients see where the bytes lie, and may say it. */
    public boolean locationsShown() {
        return locations;
    }

    private static Backend make(Config config, String id, String path) {
        String prefix = "nephos.image.store." + id + ".";
        String type = config.getOptionalValue(prefix + "type", String.class).orElse("file");
        return switch (type) {
            case "file" ->
                new FileBackend(
                        id,
                        config.getOptionalValue(prefix + "description", String.class)
                                .orElse("Files of the image service's host"),
                        Path.of(config.getOptionalValue(prefix + "path", String.class)
                                .orElse(path)));
            default -> throw new IllegalArgumentException(prefix + "type is " + type + ", neither file nor s3.");
        };
    }
}
