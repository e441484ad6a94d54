package io.nephos.agent.image;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets images go that nothing has used for long. */
@ApplicationScoped
public class ImageSweeper {
    private static final Logger LOG = Logger.getLogger(ImageSweeper.class);
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final ImageCache images;
    private @Nullable Thread sweeper;

    @Inject
    public ImageSweeper(ImageCache images, MeterRegistry meters) {
        this.images = images;
        Gauge.builder("nephos.agent.image.cache.bytes", images, ImageCache::sizeBytes)
                .register(meters);
    }

    void start(@Observes StartupEvent event) {
        sweeper = Thread.ofVirtual().name("image-sweeper").start(() -> {
            while (true) {
                try {
                    Thread.sleep(EVERY);
                    images.sweep();
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.error("the image cache could not be swept", e);
                }
            }
        });
    }

    void stop(@Observes ShutdownEvent event) {
        if (sweeper != null) {
            sweeper.interrupt();
        }
    }
}
