package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.image.cache.CacheQueue;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageReconciler;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * After a crash: uploads of this process's earlier lives are taken back at once. Then and every ten minutes, bytes that no
 * image knows are removed once they are two minutes old: what a store held back that could not be reached, or anything that
 * is there for a reason nobody thought of.
 */
@ApplicationScoped
public class LeftoverSweep {
    private static final Logger LOG = Logger.getLogger(LeftoverSweep.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ImageStore images;
    private final ImageReconciler reconciler;
    private final Backends backends;
    private final CacheQueue cache;
    private final Upload upload;
    private final Duration every;
    private final Duration grace;

    /** @param grace younger bytes may belong to a row that is being written by another replica */
    @Inject
    public LeftoverSweep(
            ImageStore images,
            ImageReconciler reconciler,
            Backends backends,
            CacheQueue cache,
            Upload upload,
            @ConfigProperty(name = "nephos.image.leftovers-every", defaultValue = "10M") Duration every,
            @ConfigProperty(name = "nephos.image.leftovers-grace", defaultValue = "2M") Duration grace) {
        this.images = images;
        this.reconciler = reconciler;
        this.backends = backends;
        this.cache = cache;
        this.upload = upload;
        this.every = every;
        this.grace = grace;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event, Background background) {
        // A store that is configured wrongly ends the start, not the first upload.
        LOG.infof("Stores: %s", backends.all().stream().map(Backend::id).toList());
        background.repeat("leftovers", Rhythm.every(every).atOnce().afterFailure(PAUSE), this::sweep);
    }

    private void sweep() {
        takeTransfersBack();
        removeUnknownBytes();
        emptyCache();
        images.forgetExpiredTickets();
    }

    private void emptyCache() {
        try {
            cache.forgetDeleted();
        } catch (IOException e) {
            LOG.warnf("The cache is not looked through for deleted images now: %s", e.getMessage());
        }
    }

    void takeTransfersBack() {
        String owner = upload.owner();
        for (Image image : images.leftBehind(owner, owner.substring(0, owner.indexOf('#') + 1) + "%")) {
            LOG.infof("The upload of image %s ended with an earlier process; it is queued again", image.id());
            reconciler.abandon(image);
        }
    }

    /** In every store that answers; the others are asked the next time. */
    void removeUnknownBytes() {
        for (Backend backend : backends.every().toList()) {
            try {
                for (String key : backend.keysBefore(Instant.now().minus(grace))) {
                    if (!images.knowsKey(key)) {
                        LOG.infof("Bytes that no image knows are removed from %s: %s", backend.id(), key);
                        backend.delete(key);
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                LOG.warnf("The store %s is not looked through for leftovers now: %s", backend.id(), e.getMessage());
            }
        }
    }
}
