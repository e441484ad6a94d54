package io.nephos.image.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.image.backend.Backends;
import io.nephos.image.data.Upload;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageReconciler;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.image.info.ImportMethod;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Carries imports out. Begun again after a crash, it fetches from the start; what came before is gone. */
@ApplicationScoped
class TaskReconciler implements Reconciler {
    static final String KIND = "task";
    private static final Logger LOG = Logger.getLogger(TaskReconciler.class);
    private static final String FAILED = "os_glance_failed_import";
    private static final String TO_COME = "os_glance_importing_to_stores";

    private final TaskStore tasks;
    private final ImageStore images;
    private final ImageReconciler leftovers;
    private final Backends backends;
    private final Upload upload;
    private final WebSource web;
    private final ObjectMapper json;

    @Inject
    TaskReconciler(
            TaskStore tasks,
            ImageStore images,
            ImageReconciler leftovers,
            Backends backends,
            Upload upload,
            WebSource web,
            ObjectMapper json) {
        this.tasks = tasks;
        this.images = images;
        this.leftovers = leftovers;
        this.backends = backends;
        this.upload = upload;
        this.web = web;
        this.json = json;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<TaskRow> found = tasks.find(id).filter(task -> !task.over());
        if (found.isEmpty()) {
            return Reconciler.done();
        }
        TaskRow task = found.get();
        Optional<Image> image = images.withTransfer(task.imageId).filter(now -> now.status() != Status.DELETED);
        if (image.isEmpty()) {
            tasks.progress(id, "failure", "The image was deleted.", tx -> {});
            return Reconciler.done();
        }
        tasks.progress(id, "processing", "", tx -> {});
        switch (method(task)) {
            case GLANCE_DIRECT ->
                succeed(task, now -> now.received(now.content().orElseThrow()));
            case COPY_IMAGE -> succeed(task, now -> now);
            case WEB_DOWNLOAD -> download(task, image.get());
        }
        return Reconciler.done();
    }

    private void download(TaskRow task, Image image) {
        if (image.status() != Status.IMPORTING) {
            succeed(task, now -> now);
            return;
        }
        leftovers.abandon(image);
        try {
            WebSource.Body body =
                    web.open(web.checked(input(task).path("method").path("uri").asText()));
            try (InputStream stream = body.stream()) {
                upload.receive(image.id(), Upload.Purpose.IMPORT, stream, body.length());
            }
            succeed(task, now -> now);
        } catch (IOException e) {
            fail(task, "The image data could not be downloaded: " + why(e));
        } catch (FaultException e) {
            if (e.fault() instanceof Fault.Unavailable) {
                throw e;
            }
            fail(task, e.fault().message());
        }
    }

    // An address that nobody answers at has no message of its own.
    private static String why(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void succeed(TaskRow task, UnaryOperator<Image> change) {
        tasks.progress(
                task.id, "success", "", tx -> images.change(tx, task.imageId, now -> marked(change.apply(now), "")));
    }

    private void fail(TaskRow task, String message) {
        LOG.infof("The import of image %s failed: %s", task.imageId, message);
        tasks.progress(task.id, "failure", message, tx -> {
            try {
                images.change(
                        tx,
                        task.imageId,
                        now -> marked(now.importFailed(), backends.usual().id()));
            } catch (FaultException deleted) {
                // Nothing is left to be marked.
            }
        });
    }

    /** Says on the image, as Glance does, to which stores the import did not come. */
    private static Image marked(Image image, String failed) {
        Map<String, String> properties = new LinkedHashMap<>(image.attributes().properties());
        properties.put(TO_COME, "");
        properties.put(FAILED, failed);
        return image.with(image.attributes().with(properties));
    }

    private ImportMethod method(TaskRow task) {
        return ImportMethod.of(input(task).path("method").path("name").asText()).orElseThrow();
    }

    private JsonNode input(TaskRow task) {
        try {
            return json.readTree(task.input);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
