package io.nephos.image.task;

import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.quota.Room;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Tasks in the database; a task and its image change together. */
@ApplicationScoped
class TaskStore {
    /** So long a task that is over can be seen. */
    private static final Duration LIFE = Duration.ofHours(48);

    private final Database database;
    private final ImageStore images;

    @Inject
    TaskStore(Database database, ImageStore images) {
        this.database = database;
        this.images = images;
    }

    /** Begins a task that makes its image. 409 when there is an image of that id, 413 when there is no room for it. */
    void begin(TaskRow task, Image image, Room room) {
        try {
            database.run(tx -> {
                room.require(tx);
                images.insert(tx, image);
                insert(tx, task);
            });
        } catch (UniqueViolation taken) {
            throw ImageStore.taken(image.id());
        }
    }

    /** Begins a task, with what it means for its image. 409 while another is under way, 413 when there is no room. */
    void begin(TaskRow task, Room room, UnaryOperator<Image> change) {
        database.run(tx -> {
            room.require(tx);
            images.change(tx, task.imageId, change);
            long running = tx.count(
                    "select count(*) from TaskRow where imageId = :image and status in ('pending', 'processing')",
                    Map.of("image", task.imageId));
            if (running > 0) {
                throw Fault.conflict("Image has active task");
            }
            insert(tx, task);
        });
    }

    private static void insert(Transaction tx, TaskRow task) {
        tx.execute("delete from TaskRow where expiresAt <= :now", Map.of("now", ImageStore.now()));
        tx.insert(task);
        tx.wake(TaskType.of(task.type).orElseThrow().reconciler(), task.id);
    }

    Optional<TaskRow> find(String id) {
        return database.read(tx -> tx.find(TaskRow.class, id))
                .filter(task -> task.expiresAt == null || task.expiresAt.isAfter(ImageStore.now()));
    }

    List<TaskRow> ofImage(String imageId) {
        return database.read(tx -> tx.list(
                TaskRow.class, "from TaskRow where imageId = :image order by createdAt, id", Map.of("image", imageId)));
    }

    /** One page, and one more when there is more. 400 when the marker is no task. */
    List<TaskRow> list(TaskQuery query) {
        if (query.marker().isPresent() && find(query.marker().get()).isEmpty()) {
            throw Fault.badRequest(
                    "Invalid marker: there is no task " + query.marker().get());
        }
        Map<String, Object> parameters = new HashMap<>(Map.of("now", ImageStore.now()));
        String hql = query.hql(parameters);
        return database.read(tx -> tx.list(TaskRow.class, hql, parameters, query.limit() + 1));
    }

    /** A task that is to be carried out, and its image. */
    record Due(TaskRow task, Image image) {}

    /** The task, under way from now on; none when it is over, or is now that its image is gone or is no such one any more. */
    Optional<Due> take(String id, Predicate<Image> such) {
        Optional<TaskRow> task = find(id).filter(found -> !found.over());
        Optional<Image> image = task.flatMap(found -> images.withTransfer(found.imageId))
                .filter(now -> now.status() != Status.DELETED)
                .filter(such);
        if (task.isPresent()) {
            boolean there = image.isPresent();
            progress(id, there ? "processing" : "failure", there ? "" : "The image was deleted.", tx -> {});
        }
        return image.map(now -> new Due(task.orElseThrow(), now));
    }

    /** The task goes on, or ends, with what that means for its image. */
    void progress(String id, String status, String message, Consumer<Transaction> more) {
        database.run(tx -> {
            more.accept(tx);
            tx.lock(TaskRow.class, id).ifPresent(task -> {
                task.status = status;
                task.message = message;
                task.updatedAt = ImageStore.now();
                task.expiresAt = task.over() ? task.updatedAt.plus(LIFE) : null;
                tx.update(task);
            });
        });
    }
}
