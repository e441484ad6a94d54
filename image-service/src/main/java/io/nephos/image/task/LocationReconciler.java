package io.nephos.image.task;

import io.nephos.image.backend.WebSource;
import io.nephos.image.data.Upload;
import io.nephos.image.image.Attributes;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Status;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Reads the bytes that lie on a web server once, to know what they are; the image has them there from then on. */
@ApplicationScoped
class LocationReconciler implements Reconciler {
    static final String KIND = "location";
    private static final Logger LOG = Logger.getLogger(LocationReconciler.class);

    private final TaskStore tasks;
    private final ImageStore images;
    private final Upload upload;
    private final WebSource web;

    @Inject
    LocationReconciler(TaskStore tasks, ImageStore images, Upload upload, WebSource web) {
        this.tasks = tasks;
        this.images = images;
        this.upload = upload;
        this.web = web;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<TaskStore.Due> due = tasks.take(id, image -> image.status() == Status.IMPORTING);
        if (due.isPresent()) {
            carryOut(due.get().task(), due.get().image());
        }
        return Reconciler.done();
    }

    private void carryOut(TaskRow task, Image image) {
        try {
            LocationRequest wanted = LocationRequest.ofInput(task.asked());
            Content content = read(wanted.url(), image.attributes());
            if (!wanted.fits(content)) {
                throw new IOException("the bytes are not what the validation data says");
            }
            end(task, "success", "", now -> now.received(content));
        } catch (IOException e) {
            fail(task, "The location cannot be used: " + TaskReconciler.why(e));
        } catch (FaultException e) {
            fail(task, e.fault().message());
        }
    }

    private Content read(String url, Attributes attributes) throws IOException {
        try (WebSource.Body body = web.open(web.checked(url))) {
            return upload.examine(attributes, body.bytes(), body.length(), new Content.Copy("http", url));
        }
    }

    private void fail(TaskRow task, String message) {
        LOG.infof("The location of image %s is refused: %s", task.imageId, message);
        end(task, "failure", message, Image::importFailed);
    }

    private void end(TaskRow task, String status, String message, UnaryOperator<Image> change) {
        tasks.progress(task.id, status, message, tx -> {
            try {
                images.change(tx, task.imageId, now -> now.status() == Status.IMPORTING ? change.apply(now) : now);
            } catch (FaultException deleted) {
                // Nothing is left to be changed.
            }
        });
    }
}
