package io.nephos.block.rbd;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Removes what backends kept of deleted volumes for others that needed it, when those are gone too. */
@ApplicationScoped
class DeletedVolumeSweep {
    private static final Logger LOG = Logger.getLogger(DeletedVolumeSweep.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Backends backends;

    @Inject
    DeletedVolumeSweep(Backends backends) {
        this.backends = backends;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event, Background background) {
        // A backend that is configured wrongly ends the start, not the first volume.
        LOG.infof("Backends: %s", backends.all().stream().map(Backend::name).toList());
        background.repeat(
                "deleted-volumes",
                Rhythm.every(PERIOD).atOnce().afterFailure(PERIOD),
                () -> backends.all().forEach(Backend::sweep));
    }
}
