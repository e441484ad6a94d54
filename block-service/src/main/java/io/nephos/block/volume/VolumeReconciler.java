package io.nephos.block.volume;

import io.nephos.block.BlockApi;
import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.block.backend.StorageFault;
import io.nephos.block.image.Images;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.Volume.Task;
import io.nephos.kit.data.Database;
import io.nephos.kit.reconcile.Reconciler;
import io.nephos.rbd.RbdSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Makes, extends and removes volumes. A step that cannot succeed ends in an error state with its reason in the row. */
@ApplicationScoped
public class VolumeReconciler implements Reconciler {
    static final String KIND = "volume";
    private static final Logger LOG = Logger.getLogger(VolumeReconciler.class);
    /** What has not succeeded after so long is given up; a deletion never is. */
    private static final Duration DEADLINE = Duration.ofMinutes(30);

    private final Database database;
    private final Backends backends;
    private final Images images;

    @Inject
    public VolumeReconciler(Database database, Backends backends, Images images) {
        this.database = database;
        this.backends = backends;
        this.images = images;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<VolumeRow> row = database.read(tx -> tx.find(VolumeRow.class, id));
        if (row.isEmpty()) {
            return Reconciler.done();
        }
        VolumeRow volume = row.get();
        return switch (volume.task()) {
            case NONE -> Reconciler.done();
            case CREATE -> attempt(volume, this::create);
            case EXTEND -> attempt(volume, this::extend);
            case DELETE -> delete(volume);
        };
    }

    private Outcome attempt(VolumeRow volume, Consumer<VolumeRow> step) {
        try {
            step.accept(volume);
        } catch (StorageFault.Unwanted e) {
            return Reconciler.again(Duration.ZERO);
        } catch (StorageFault.Hopeless e) {
            fail(volume, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (volume.taskSince.plus(DEADLINE).isAfter(BlockApi.now())) {
                throw e;
            }
            fail(volume, "Given up after " + DEADLINE.toMinutes() + " minutes: " + e.getMessage());
        }
        return Reconciler.done();
    }

    private void create(VolumeRow volume) {
        BooleanSupplier wanted = () -> stillWants(volume, Task.CREATE);
        String image = volume.imageId;
        String source = volume.sourceVolumeId;
        Backend backend = backends.of(volume.backend);
        if (backend.has(volume.id)) {
            LOG.debugf("Volume %s was made before", volume.id);
        } else if (image != null) {
            String format = Optional.ofNullable(volume.imageFormat).orElse("raw");
            backend.createFromImage(volume.id, volume.sizeGib, format, bytes(volume, image, wanted), wanted);
        } else if (source != null) {
            backend.createFromVolume(volume.id, volume.sizeGib, source, wanted);
        } else {
            backend.create(volume.id, volume.sizeGib);
        }
        finish(volume, Task.CREATE, row -> {
            row.status = Status.AVAILABLE.wire();
            row.bootable = row.bootable || row.imageId != null;
        });
    }

    private Backend.Source bytes(VolumeRow volume, String image, BooleanSupplier wanted) {
        return new Backend.Source() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                images.read(image, out, wanted);
            }

            @Override
            public Optional<RbdSnapshot> snapshot() {
                return volume.imageSnapshot();
            }
        };
    }

    private void extend(VolumeRow volume) {
        backends.of(volume.backend).extend(volume.id, volume.wantedGib);
        finish(volume, Task.EXTEND, row -> {
            row.status = Status.AVAILABLE.wire();
            row.sizeGib = row.wantedGib;
        });
    }

    /** Waits until nothing holds it: a file that is exported is not taken away under its export. */
    private Outcome delete(VolumeRow volume) {
        boolean held = database.read(tx -> !VolumeStore.held(tx, volume.id).isEmpty());
        if (held) {
            return Reconciler.again(Duration.ofMillis(500));
        }
        backends.of(volume.backend).delete(volume.id);
        database.run(
                tx -> tx.execute("delete from VolumeRow where id = :id and task = 'delete'", Map.of("id", volume.id)));
        return Reconciler.done();
    }

    private void fail(VolumeRow volume, String reason) {
        LOG.warnf("Volume %s: %s failed: %s", volume.id, volume.task, reason);
        finish(volume, volume.task(), row -> {
            row.status = Volume.failed(row.task()).wire();
            row.fault = reason;
            row.wantedGib = row.sizeGib;
        });
    }

    /** Writes the end of the task, unless meanwhile another one (a deletion) has taken its place. */
    private void finish(VolumeRow volume, Task task, Consumer<VolumeRow> change) {
        database.run(tx -> tx.lock(VolumeRow.class, volume.id)
                .filter(row -> row.task() == task)
                .ifPresent(row -> {
                    change.accept(row);
                    row.task = Task.NONE.wire();
                    row.updatedAt = BlockApi.now();
                    tx.update(row);
                }));
    }

    private boolean stillWants(VolumeRow volume, Task task) {
        return database.read(tx -> tx.find(VolumeRow.class, volume.id))
                .filter(row -> row.task() == task)
                .isPresent();
    }
}
