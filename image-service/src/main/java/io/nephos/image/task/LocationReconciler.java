package io.nephos.image.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.image.backend.WebSource;
import io.nephos.image.format.FormatInspector;
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
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Reads the bytes that lie on a web server once, to know what they are; the image has them there from then on. */
@ApplicationScoped
class LocationReconciler implements Reconciler {
    static final String KIND = "location";
    private static final Logger LOG = Logger.getLogger(LocationReconciler.class);
    private static final int CHUNK = 256 * 1024;

    private final TaskStore tasks;
    private final ImageStore images;
    private final WebSource web;
    private final ObjectMapper json;

    @Inject
    LocationReconciler(TaskStore tasks, ImageStore images, WebSource web, ObjectMapper json) {
        this.tasks = tasks;
        this.images = images;
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
        Optional<Image> image = images.find(task.imageId).filter(now -> now.status() == Status.IMPORTING);
        if (image.isEmpty()) {
            tasks.progress(id, "failure", "The image was deleted.", tx -> {});
            return Reconciler.done();
        }
        tasks.progress(id, "processing", "", tx -> {});
        try {
            LocationRequest wanted = LocationRequest.ofInput(input(task));
            Content content = read(wanted.url(), image.get().attributes());
            if (!wanted.fits(content)) {
                throw new IOException("the bytes are not what the validation data says");
            }
            end(task, "success", "", now -> now.received(content));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            fail(task, "The location cannot be used: " + why);
        } catch (FaultException e) {
            fail(task, e.fault().message());
        }
        return Reconciler.done();
    }

    private Content read(String url, Attributes attributes) throws IOException {
        FormatInspector inspector = new FormatInspector(
                attributes.diskFormat().orElse(""), attributes.containerFormat().orElse(""));
        MessageDigest sha512 = digest("SHA-512");
        MessageDigest md5 = digest("MD5");
        long size = 0;
        WebSource.Body body = web.open(web.checked(url));
        try (InputStream in = body.stream()) {
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                inspector.feed(chunk, length);
                sha512.update(chunk, 0, length);
                md5.update(chunk, 0, length);
                size += length;
            }
        }
        if (body.length().orElse(size) != size) {
            throw new IOException("the server ended after " + size + " bytes");
        }
        HexFormat hex = HexFormat.of();
        return new Content(
                size,
                inspector.finish(),
                hex.formatHex(md5.digest()),
                hex.formatHex(sha512.digest()),
                List.of(new Content.Copy("http", url)));
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

    private JsonNode input(TaskRow task) {
        try {
            return json.readTree(task.input);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
