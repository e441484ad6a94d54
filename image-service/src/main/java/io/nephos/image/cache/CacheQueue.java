package io.nephos.image.cache;

import io.nephos.image.backend.Backends;
import io.nephos.image.image.Content;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Brings images into the cache, one after the other. What is queued is forgotten at a restart: it is only sooner or later. */
@ApplicationScoped
public class CacheQueue {
    private static final Logger LOG = Logger.getLogger(CacheQueue.class);
    private static final int MOST_QUEUED = 1000;

    private final ImageCache cache;
    private final ImageStore images;
    private final Backends backends;
    private final Set<String> queued = new LinkedHashSet<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("image-cache").factory());

    @Inject
    public CacheQueue(ImageCache cache, ImageStore images, Backends backends) {
        this.cache = cache;
        this.images = images;
        this.backends = backends;
    }

    @PreDestroy
    void stop() {
        worker.shutdownNow();
    }

    /** The bytes of images that were deleted do not stay here. */
    public void forgetDeleted() throws IOException {
        cache.keepOnly(digest -> !images.withDigest(digest).isEmpty());
    }

    /** Fetched when its turn comes, unless it is here; queued until all of it is. */
    public void add(String imageId) {
        synchronized (queued) {
            if (queued.size() >= MOST_QUEUED || !queued.add(imageId)) {
                return;
            }
        }
        worker.execute(() -> {
            if (isQueued(imageId)) {
                fetch(imageId);
                remove(imageId);
            }
        });
    }

    List<String> waiting() {
        synchronized (queued) {
            return List.copyOf(queued);
        }
    }

    private boolean isQueued(String imageId) {
        synchronized (queued) {
            return queued.contains(imageId);
        }
    }

    /** True when it was queued. What has come of it so far is dropped. */
    boolean remove(String imageId) {
        synchronized (queued) {
            return queued.remove(imageId);
        }
    }

    private void fetch(String imageId) {
        Content content = images.find(imageId).flatMap(Image::available).orElse(null);
        if (content == null || content.sha512().isEmpty() || cache.has(content.sha512())) {
            return;
        }
        Path partial = cache.partial(content.sha512());
        try {
            MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
            Content.Copy copy = content.copies().getFirst();
            try (InputStream in =
                            Channels.newInputStream(backends.of(copy.backend()).read(copy.key(), 0));
                    OutputStream out = new DigestOutputStream(Files.newOutputStream(partial), sha512)) {
                byte[] chunk = new byte[256 * 1024];
                for (int length = in.read(chunk); length >= 0 && isQueued(imageId); length = in.read(chunk)) {
                    out.write(chunk, 0, length);
                }
            }
            if (!isQueued(imageId)) {
                Files.delete(partial);
                return;
            }
            if (!HexFormat.of().formatHex(sha512.digest()).equals(content.sha512())) {
                throw new IOException("its bytes are not what they were when it came");
            }
            // Not beside a removal: either it finds the image queued, or in the cache.
            synchronized (queued) {
                if (queued.remove(imageId)) {
                    cache.take(content.sha512());
                }
            }
        } catch (IOException | RuntimeException | NoSuchAlgorithmException e) {
            LOG.warnf("Image %s did not come into the cache: %s", imageId, e.getMessage());
            try {
                Files.deleteIfExists(partial);
            } catch (IOException left) {
                LOG.debugf("Left in the cache: %s", left.getMessage());
            }
        }
    }
}
