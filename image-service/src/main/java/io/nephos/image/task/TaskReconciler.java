package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.image.backend.WebSource;
import io.nephos.image.convert.Conversion;
import io.nephos.image.data.Arrival;
import io.nephos.image.data.Copies;
import io.nephos.image.data.Upload;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageReconciler;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.info.ImportMethod;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Limits;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Carries imports out: fetch, convert, copy to every store that was asked for, then make the image active. Begun again after
 * a crash, it goes on from the last step that was finished.
 */
@ApplicationScoped
class TaskReconciler implements Reconciler {
    static final String KIND = "task";
    private static final Logger LOG = Logger.getLogger(TaskReconciler.class);
    /** A store that cannot be used is tried again so long. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final TaskStore tasks;
    private final ImageStore images;
    private final ImageReconciler leftovers;
    private final Backends backends;
    private final Copies copies;
    private final Upload upload;
    private final WebSource web;
    private final Conversion conversion;
    private final Limits limits;

    @Inject
    TaskReconciler(
            TaskStore tasks,
            ImageStore images,
            ImageReconciler leftovers,
            Backends backends,
            Copies copies,
            Upload upload,
            WebSource web,
            Conversion conversion,
            Limits limits) {
        this.tasks = tasks;
        this.images = images;
        this.leftovers = leftovers;
        this.backends = backends;
        this.copies = copies;
        this.upload = upload;
        this.web = web;
        this.conversion = conversion;
        this.limits = limits;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<TaskStore.Due> due = tasks.take(id, image -> true);
        if (due.isPresent()) {
            carryOut(due.get().task(), due.get().image());
        }
        return Reconciler.done();
    }

    private void carryOut(TaskRow task, Image image) {
        ImportRequest wanted = wanted(task);
        try {
            leftovers.abandon(image);
            if (wanted.method() == ImportMethod.COPY_IMAGE) {
                copy(task, wanted);
            } else if (image.status() == Status.IMPORTING) {
                bring(task, wanted);
            } else {
                succeed(task, now -> now, List.of());
            }
        } catch (IOException e) {
            fail(task, wanted, "The image data could not be imported: " + why(e));
        } catch (FaultException e) {
            if (e.fault() instanceof Fault.Unavailable && ImageStore.now().isBefore(task.createdAt.plus(PATIENCE))) {
                throw e;
            }
            fail(task, wanted, e.fault().message());
        }
    }

    private void bring(TaskRow task, ImportRequest wanted) throws IOException {
        List<Backend> targets = wanted.targets(backends);
        // With several to come to, one that fails must not take the bytes with it.
        Backend first = targets.size() == 1 ? targets.getFirst() : backends.staging();
        fetch(task, wanted, first);
        convert(task, first);
        List<Backend> failed = spread(task, wanted, targets, Room.ENOUGH);
        Content all = bytes(task);
        List<Content.Copy> kept = all.copies().stream()
                .filter(copy -> targets.stream().anyMatch(target -> target.id().equals(copy.backend())))
                .toList();
        if (kept.isEmpty()) {
            throw new IOException("None of the stores took the image.");
        }
        succeed(task, now -> now.received(all.with(kept)), failed);
    }

    private void copy(TaskRow task, ImportRequest wanted) throws IOException {
        Image image = images.withTransfer(task.imageId).orElseThrow(() -> ImageStore.missing(task.imageId));
        List<Backend> failed = spread(task, wanted, wanted.targets(backends), room(image));
        succeed(task, now -> now, failed);
    }

    private void fetch(TaskRow task, ImportRequest wanted, Backend usual) throws IOException {
        Image image = images.withTransfer(task.imageId).orElseThrow(() -> ImageStore.missing(task.imageId));
        if (image.content().isPresent()) {
            return;
        }
        Backend first = conversion.wantedFor(image.attributes()).isPresent() ? backends.staging() : usual;
        try (WebSource.Body body = web.open(web.checked(wanted.uri()))) {
            Arrival fetched = new Arrival(Arrival.Purpose.IMPORT, first, body.length());
            upload.receive(image.id(), fetched.in(room(image)), body.bytes());
        }
    }

    private void convert(TaskRow task, Backend target) throws IOException {
        Image image = images.withTransfer(task.imageId).orElseThrow(() -> ImageStore.missing(task.imageId));
        Optional<String> format = conversion.wantedFor(image.attributes());
        if (format.isEmpty()) {
            return;
        }
        Content staged = bytes(task);
        Path source = copies.file(staged).orElseThrow(() -> new IOException("What was staged is not there."));
        String own = image.attributes().diskFormat().orElseThrow();
        try (Conversion.Converted converted = conversion.convert(source, own, staged.virtualSize(), format.get());
                FileChannel bytes = FileChannel.open(converted.file())) {
            OptionalLong size = OptionalLong.of(bytes.size());
            upload.receive(image.id(), new Arrival(Arrival.Purpose.IMPORT, target, size).as(format), bytes);
        }
    }

    /** To every store that has it not yet; those that failed, unless that fails all. */
    private List<Backend> spread(TaskRow task, ImportRequest wanted, List<Backend> targets, Room room)
            throws IOException {
        List<Backend> failed = new ArrayList<>();
        List<Backend> toCome = new ArrayList<>(targets);
        for (Backend target : targets) {
            if (!bytes(task).lies(target.id())) {
                try {
                    copyTo(task, target, room);
                } catch (IOException | FaultException e) {
                    if (wanted.mustSucceed() || targets.size() == 1) {
                        throw e;
                    }
                    LOG.warnf("Image %s did not come to the store %s: %s", task.imageId, target.id(), e.getMessage());
                    failed.add(target);
                }
            }
            toCome.remove(target);
            images.change(task.imageId, now -> StoreMarks.put(now, toCome, failed));
        }
        return failed;
    }

    // There was room when it was begun; of several that were begun at once only some find it still.
    private Room room(Image image) {
        return limits.room(image.attributes().owner(), Limit.SIZE_TOTAL);
    }

    private void copyTo(TaskRow task, Backend target, Room room) throws IOException {
        Content content = bytes(task);
        try (ReadableByteChannel bytes = copies.read(content, 0)) {
            Arrival copied = new Arrival(Arrival.Purpose.COPY, target, OptionalLong.of(content.size()));
            upload.receive(task.imageId, copied.in(room), bytes);
        }
    }

    private Content bytes(TaskRow task) {
        return images.withTransfer(task.imageId)
                .flatMap(Image::content)
                .orElseThrow(() -> ImageStore.missing(task.imageId));
    }

    // An address that nobody answers at has no message of its own.
    static String why(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void succeed(TaskRow task, UnaryOperator<Image> change, List<Backend> failed) {
        tasks.progress(
                task.id,
                "success",
                "",
                tx -> images.change(tx, task.imageId, now -> StoreMarks.end(change.apply(now), failed)));
    }

    /**
     * Of an import nothing is left, nor of the image that it made itself; a copy that did not come leaves the image as it
     * was.
     */
    private void fail(TaskRow task, ImportRequest wanted, String message) {
        LOG.infof("The import of image %s failed: %s", task.imageId, message);
        List<Backend> failed = wanted.targets(backends);
        tasks.progress(task.id, "failure", message, tx -> {
            try {
                images.change(tx, task.imageId, now -> {
                    if (wanted.method() == ImportMethod.COPY_IMAGE) {
                        return StoreMarks.end(now, failed);
                    }
                    boolean own = task.type.equals(TaskType.IMPORT.wire());
                    return own && !now.attributes().isProtected()
                            ? now.importFailed().delete()
                            : StoreMarks.end(now.importFailed(), failed);
                });
            } catch (FaultException deleted) {
                // Nothing is left to be marked.
            }
        });
    }

    private static ImportRequest wanted(TaskRow task) {
        JsonNode asked = task.asked();
        return task.type.equals(TaskType.IMPORT.wire()) ? ImportRequest.ofLegacy(asked) : ImportRequest.of(asked);
    }
}
