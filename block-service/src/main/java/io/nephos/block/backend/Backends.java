package io.nephos.block.backend;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The backends that this service has, the usual one first: {@code nephos.block.backends=NAME,NAME...}, and of each
 * {@code nephos.block.backend.NAME.type} (its name when missing; file or rbd) with what that type needs. Without the list
 * there is one, "file". A volume type chooses one by its extra spec {@code volume_backend_name}, as in Cinder.
 */
@ApplicationScoped
public class Backends {
    private static final String NAME_SPEC = "volume_backend_name";

    private final List<Backend> all;

    @Inject
    public Backends(
            Config config,
            @All List<BackendKind> kinds,
            @ConfigProperty(name = "nephos.block.backends", defaultValue = "file") List<String> names) {
        if (names.stream().distinct().count() != names.size()) {
            throw new IllegalArgumentException("nephos.block.backends names a backend twice.");
        }
        List<Backend> made = new ArrayList<>();
        names.forEach(name -> made.add(make(name, config, kinds)));
        this.all = List.copyOf(made);
    }

    public List<Backend> all() {
        return all;
    }

    /** A volume's own; {@link StorageFault.Passing} when the configuration has lost it. */
    public Backend of(String name) {
        return named(name)
                .orElseThrow(() -> new StorageFault.Passing("The backend " + name + " is not configured any more."));
    }

    /** The one that a volume type asks for, the usual one when it asks for none; empty when there is none of that name. */
    public Optional<Backend> chosen(Map<String, String> extraSpecs) {
        String asked = extraSpecs.get(NAME_SPEC);
        return asked == null ? Optional.of(all.getFirst()) : named(asked);
    }

    /** Whether volumes of that type may lie there. */
    public boolean fits(Map<String, String> extraSpecs, String backend) {
        return extraSpecs.getOrDefault(NAME_SPEC, backend).equals(backend);
    }

    private Optional<Backend> named(String name) {
        return all.stream().filter(backend -> backend.name().equals(name)).findFirst();
    }

    private static Backend make(String name, Config config, List<BackendKind> kinds) {
        String key = "nephos.block.backend." + name + ".type";
        String type = config.getOptionalValue(key, String.class).orElse(name);
        return kinds.stream()
                .filter(kind -> kind.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " is " + type + ", which is not known."))
                .make(name, config);
    }
}
