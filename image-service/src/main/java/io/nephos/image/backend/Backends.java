package io.nephos.image.backend;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The backends that this service has, the usual one first. */
@ApplicationScoped
public class Backends {
    private final List<Backend> all;

    @Inject
    public Backends(@ConfigProperty(name = "nephos.image.store.path") String path) {
        this.all = List.of(new FileBackend("file", java.nio.file.Path.of(path)));
    }

    /** Where bytes go when nobody asked for another place. */
    public Backend usual() {
        return all.getFirst();
    }

    /** IllegalArgumentException when there is none of that id. */
    public Backend of(String id) {
        return all.stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no store " + id + "."));
    }

    public boolean has(String id) {
        return all.stream().anyMatch(backend -> backend.id().equals(id));
    }

    public List<Backend> all() {
        return all;
    }
}
