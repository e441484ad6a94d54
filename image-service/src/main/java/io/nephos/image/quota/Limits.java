package io.nephos.image.quota;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import org.eclipse.microprofile.config.Config;

/** How much every project may have: {@code nephos.image.limit.image_size_total} and so on; -1, or nothing said, is no limit. */
@ApplicationScoped
public class Limits {
    static final long NONE = -1;
    private final Config config;

    @Inject
    public Limits(Config config) {
        this.config = config;
    }

    long of(String project, Limit limit) {
        return config.getOptionalValue("nephos.image.limit." + limit.wire().toLowerCase(Locale.ROOT), Long.class)
                .orElse(NONE);
    }
}
