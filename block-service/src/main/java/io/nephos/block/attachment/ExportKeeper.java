package io.nephos.block.attachment;

import io.nephos.block.backend.Exporter;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Bell;
import io.nephos.kit.background.Rhythm;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;

/** Makes the exports again when the daemon was restarted, and compares them with the rows now and then. */
@ApplicationScoped
public class ExportKeeper {
    private static final Rhythm RHYTHM =
            Rhythm.every(Duration.ofSeconds(30)).atOnce().afterFailure(Duration.ofSeconds(1));

    private final Exports exports;
    private final Exporter exporter;
    private final Background background;

    @Inject
    public ExportKeeper(Exports exports, Exporter exporter, Background background) {
        this.exports = exports;
        this.exporter = exporter;
        this.background = background;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event) {
        Bell bell = new Bell();
        background.repeat("export-keeper", RHYTHM, bell, this::compare);
        exporter.onReconnect(bell::ring);
    }

    private void compare() {
        if (exporter.available()) {
            exports.settleAll();
        }
    }
}
