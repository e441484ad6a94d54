package io.nephos.image.data;

import io.nephos.image.backend.Backend;
import io.nephos.image.format.FormatInspector;
import io.nephos.image.image.Attributes;
import io.nephos.image.image.Bounds;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.image.image.Transfer;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Replica;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Takes image bytes in one pass: socket, digests and inspection, file. Of a body at most two chunks of 256 KiB, four of 1 MiB
 * while some of all bodies' sixteen are spare, and 64 KiB of the inspector's are in memory; the client is read no faster than
 * the disk writes. However it ends, the image is active with all its bytes, or queued with none.
 */
@ApplicationScoped
public class Upload {
    private static final Logger LOG = Logger.getLogger(Upload.class);
    /** Longer than a client may stand still (quarkus.http.read-timeout, 60 s). */
    private static final Duration LEASE = Duration.ofSeconds(90);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(10);

    private final ImageStore images;
    private final TransferSlots slots;
    private final Bounds bounds;
    private final String owner;
    private final ExecutorService working = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("upload-", 0).factory());

    @Inject
    public Upload(ImageStore images, TransferSlots slots, Bounds bounds, Replica replica) {
        this.images = images;
        this.slots = slots;
        this.bounds = bounds;
        this.owner = replica.name() + "#" + UUID.randomUUID();
    }

    @PreDestroy
    void stop() {
        working.shutdown();
    }

    /** Names this process and this life of it. */
    String owner() {
        return owner;
    }

    /**
     * Fills a queued image, in that store. 400 when fewer or more bytes came than were announced or the client went away,
     * 409 when the image is not queued, 410 when it was deleted meanwhile, 413 when it is too large, the store is full or a
     * limit is reached, 415 when the bytes are not its format, 503 when too many others come.
     */
    public Image receive(String id, Arrival arrival, ReadableByteChannel body) {
        Backend backend = arrival.store();
        String key = UUID.randomUUID().toString();
        Image image = images.change(
                id,
                arrival.room()::require,
                now -> arrival.begin(
                        now,
                        new Transfer(
                                backend.id(), key, owner, OffsetDateTime.now().plus(LEASE))));
        boolean filled = false;
        try {
            Content content = slots.within(image.attributes().owner(), () -> store(image, key, arrival, body));
            Image done = finish(id, key, arrival, content);
            filled = true;
            return done;
        } catch (Backend.StorageFullException e) {
            throw new Fault.PayloadTooLarge("", "Image storage media is full: " + e.getMessage()).asException();
        } catch (Backend.UnreachableException e) {
            LOG.warnf("The upload of image %s failed: %s", id, e.getMessage());
            throw Fault.unavailable("The store " + backend.id() + " cannot be used now.");
        } catch (IOException e) {
            LOG.infof("The upload of image %s ended early: %s", id, e.getMessage());
            throw Fault.badRequest("The image data ended before all of it was there.");
        } finally {
            if (!filled) {
                giveUp(id, key, backend);
            }
        }
    }

    private Content store(Image image, String key, Arrival arrival, ReadableByteChannel body) throws IOException {
        try (Backend.Sink sink = arrival.store().write(key)) {
            Content content = pass(
                    body,
                    arrival.announced(),
                    inspector(arrival.diskFormat(image), image.attributes()),
                    sink,
                    new Lease(image.id(), key),
                    new Content.Copy(arrival.store().id(), key));
            sink.commit();
            return content;
        }
    }

    /** What the content of such an image is when its bytes are these, and stay where they lie. Errors as of {@link #receive}. */
    public Content examine(Attributes attributes, ReadableByteChannel body, OptionalLong announced, Content.Copy lying)
            throws IOException {
        FormatInspector inspector = inspector(attributes.diskFormat().orElse(""), attributes);
        return pass(body, announced, inspector, Backend.Sink.NOWHERE, () -> {}, lying);
    }

    private Content pass(
            ReadableByteChannel body,
            OptionalLong announced,
            FormatInspector inspector,
            Backend.Sink sink,
            Runnable betweenChunks,
            Content.Copy copy)
            throws IOException {
        long size = 0;
        try (Pipeline pipeline = new Pipeline(sink, working)) {
            for (ByteBuffer chunk = pipeline.read(body); chunk.hasRemaining(); chunk = pipeline.read(body)) {
                inspector.feed(chunk);
                size += chunk.remaining();
                bounds.requireSize(size);
                pipeline.take(chunk);
                betweenChunks.run();
            }
            pipeline.finish();
            if (announced.orElse(size) != size) {
                throw Fault.badRequest("The size of the image data is " + size + " bytes, not " + announced.getAsLong()
                        + " as announced.");
            }
            return new Content(size, inspector.finish(), pipeline.md5(), pipeline.sha512(), List.of(copy));
        }
    }

    private static FormatInspector inspector(String diskFormat, Attributes attributes) {
        return new FormatInspector(diskFormat, attributes.containerFormat().orElse(""));
    }

    private Image finish(String id, String key, Arrival arrival, Content content) {
        try {
            return images.change(id, arrival.room()::requireForBytes, now -> {
                if (!now.receives(key)) {
                    throw gone(id);
                }
                return arrival.end(now, content);
            });
        } catch (FaultException e) {
            throw e.fault() instanceof Fault.NotFound ? gone(id) : e;
        }
    }

    private void giveUp(String id, String key, Backend backend) {
        try {
            backend.delete(key);
        } catch (RuntimeException e) {
            LOG.warnf("What came of image %s is removed from the store %s later: %s", id, backend.id(), e.getMessage());
        }
        try {
            images.change(id, now -> now.receives(key) ? now.forgetTransfer() : now);
        } catch (FaultException gone) {
            forget(id, key);
        } catch (RuntimeException e) {
            LOG.warnf(e, "The reconciler will take the upload of image %s back", id);
        }
    }

    private void forget(String id, String key) {
        try {
            images.forgetTransfer(id, key);
        } catch (RuntimeException e) {
            LOG.warnf(e, "The reconciler waits until the upload of the deleted image %s is old enough", id);
        }
    }

    /** Whoever holds it is not taken for dead. 410 once the image is deleted. */
    private final class Lease implements Runnable {
        private final String id;
        private final String key;
        private long renewed = System.nanoTime();

        Lease(String id, String key) {
            this.id = id;
            this.key = key;
        }

        @Override
        public void run() {
            if (System.nanoTime() - renewed > RENEW_EVERY.toNanos()) {
                renewed = System.nanoTime();
                if (!images.renew(id, key, LEASE)) {
                    throw gone(id);
                }
            }
        }
    }

    private static FaultException gone(String id) {
        return new Fault.Gone("", "Image " + id + " was deleted during the upload.").asException();
    }
}
