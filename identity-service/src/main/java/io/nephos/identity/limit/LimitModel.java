package io.nephos.identity.limit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How limits of domains and of their projects relate: {@code nephos.identity.limit-model}. */
@ApplicationScoped
public class LimitModel {
    /** Keystone's models. */
    enum Kind {
        FLAT("flat", "Limit enforcement and validation does not take project hierarchy into consideration."),
        STRICT_TWO_LEVEL("strict_two_level", "This model requires project hierarchy never exceeds a depth of two");

        private final String wire;
        private final String description;

        Kind(String wire, String description) {
            this.wire = wire;
            this.description = description;
        }
    }

    private final Kind kind;

    @Inject
    public LimitModel(@ConfigProperty(name = "nephos.identity.limit-model") String name) {
        this.kind = switch (name) {
            case "flat" -> Kind.FLAT;
            case "strict_two_level" -> Kind.STRICT_TWO_LEVEL;
            default ->
                throw new IllegalArgumentException(
                        "nephos.identity.limit-model must be flat or strict_two_level, not " + name);
        };
    }

    /** No project below a project, and none has more than its domain. */
    public boolean strict() {
        return kind == Kind.STRICT_TWO_LEVEL;
    }

    String name() {
        return kind.wire;
    }

    String description() {
        return kind.description;
    }

    /** Whether a project may have that much when its domain has this much; -1 is without limit. */
    static boolean fits(int ofProject, int ofDomain) {
        return ofDomain == -1 || ofProject != -1 && ofProject <= ofDomain;
    }
}
