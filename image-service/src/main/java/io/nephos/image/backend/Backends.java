package io.nephos.image.backend;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The stores that this service has, the usual one first: {@code nephos.image.stores=ID,ID...}, and of each
 * {@code nephos.image.store.ID.type} (file, s3 or rbd) with what that type needs. Without the list there is one, "file", at
 * {@code nephos.image.store.path}.
 */
@ApplicationScoped
public class Backends {
    /** Ids that are not for the configuration to give. */
    private static final Set<String> RESERVED = Set.of("http", "staging");

    private final List<Backend> all;
    private final FileBackend staging;
    private final boolean locations;

    @Inject
    public Backends(
            Config config,
            @All List<BackendKind> kinds,
            WebSource web,
            @ConfigProperty(name = "nephos.image.store.path") String path,
            @ConfigProperty(name = "nephos.image.stores", defaultValue = "file") List<String> ids,
            @ConfigProperty(name = "nephos.image.show-multiple-locations", defaultValue = "false") boolean locations) {
        if (ids.stream().distinct().count() != ids.size() || ids.stream().anyMatch(RESERVED::contains)) {
            throw new IllegalArgumentException("nephos.image.stores names a store twice, or one of " + RESERVED + ".");
        }
        List<Backend> made = new ArrayList<>();
        ids.forEach(id -> made.add(make(new BackendSettings(id, config, Path.of(path)), kinds)));
        this.staging = made.stream()
                .filter(FileBackend.class::isInstance)
                .map(FileBackend.class::cast)
                .findFirst()
                .orElseGet(
                        () -> new FileBackend("staging", "What waits for its import", Path.of(path, "staging"), false));
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

    /** The ids of those that bytes can be put in, between commas. */
    public String writableIds() {
        return writable().stream().map(Backend::id).collect(Collectors.joining(","));
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

    private static Backend make(BackendSettings settings, List<BackendKind> kinds) {
        String type = settings.text("type", "file");
        if (type.equals("file")) {
            return new FileBackend(
                    settings.id(),
                    settings.text("description", ""),
                    Path.of(settings.text("path", settings.directory().toString())),
                    Boolean.parseBoolean(settings.text("page-cache", "false")));
        }
        return kinds.stream()
                .filter(kind -> kind.type().equals(type))
                .findFirst()
                .orElseThrow(() -> settings.wrong("type", "is " + type + ", which is not known"))
                .make(settings);
    }
}
