package io.nephos.image.task;

import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Tasks in the database; a task and its image change together. */
@ApplicationScoped
class TaskStore {
    private static final int MOST_LISTED = 1000;
    private final Database database;
    private final ImageStore images;

    @Inject
    TaskStore(Database database, ImageStore images) {
        this.database = database;
        this.images = images;
    }

    /** Begins a task, with what it means for its image. 409 while another is under way. */
    void begin(TaskRow task, UnaryOperator<Image> change) {
        database.run(tx -> {
            images.change(tx, task.imageId, change);
            long running = tx.count(
                    "select count(*) from TaskRow where imageId = :image and status in ('pending', 'processing')",
                    Map.of("image", task.imageId));
            if (running > 0) {
                throw Fault.conflict("Image has active task");
            }
            tx.insert(task);
            tx.wake(TaskReconciler.KIND, task.id);
        });
    }

    Optional<TaskRow> find(String id) {
        return database.read(tx -> tx.find(TaskRow.class, id));
    }

    List<TaskRow> ofImage(String imageId) {
        return database.read(tx -> tx.list(
                TaskRow.class, "from TaskRow where imageId = :image order by createdAt, id", Map.of("image", imageId)));
    }

    List<TaskRow> newest() {
        return database.read(
                tx -> tx.list(TaskRow.class, "from TaskRow order by createdAt desc, id desc", Map.of(), MOST_LISTED));
    }

    /** The task goes on, or ends, with what that means for its image. */
    void progress(String id, String status, String message, Consumer<Transaction> more) {
        database.run(tx -> {
            more.accept(tx);
            tx.lock(TaskRow.class, id).ifPresent(task -> {
                task.status = status;
                task.message = message;
                task.updatedAt = ImageStore.now();
                tx.update(task);
            });
        });
    }
}
