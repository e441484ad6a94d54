package io.nephos.block.file;

import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.data.Database;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Removes files that no row knows. Only in a store that is this database's, which its marker file says: a service that is
 * pointed at an empty or wrong database must not take everyone's volumes for garbage.
 */
@ApplicationScoped
class StoreSweep {
    private static final Logger LOG = Logger.getLogger(StoreSweep.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final FileBackend backend;
    private final Database database;

    @Inject
    StoreSweep(FileBackend backend, Database database) {
        this.backend = backend;
        this.database = database;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event, Background background) {
        background.repeat("store-sweep", Rhythm.every(PERIOD).atOnce().afterFailure(RETRY), this::sweep);
    }

    void sweep() throws IOException {
        Store store = backend.store();
        if (!ours(store)) {
            LOG.errorf("The volumes in %s are not of this database; nothing is swept", store.directory());
            return;
        }
        for (Path part : store.abandonedParts()) {
            LOG.infof("Removing %s, which an earlier process did not finish", part.getFileName());
            Files.deleteIfExists(part);
        }
        // A row is there before its file and goes after it.
        for (String id : store.volumeIds()) {
            if (!known(id)) {
                LOG.infof("Removing the file of volume %s, which is in no row", id);
                Files.deleteIfExists(store.volume(id));
            }
        }
    }

    private boolean ours(Store store) {
        Optional<String> id = store.id();
        if (id.isPresent()
                && !database.rows("select 1 from store where id = $1", id.get()).isEmpty()) {
            return true;
        }
        List<String> volumes = store.volumeIds();
        if (id.isPresent() ? !volumes.isEmpty() : !volumes.stream().allMatch(this::known)) {
            return false;
        }
        String chosen = id.orElseGet(() -> UUID.randomUUID().toString());
        database.execute("insert into store (id) values ($1) on conflict do nothing", chosen);
        store.id(chosen);
        return true;
    }

    private boolean known(String volumeId) {
        return !database.rows("select 1 from volume where id = $1", volumeId).isEmpty();
    }
}
