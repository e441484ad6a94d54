package io.nephos.image.data;

import io.nephos.image.backend.Backends;
import io.nephos.image.cache.ImageCache;
import io.nephos.image.image.Content;
import io.nephos.rbd.RbdSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Reads an image's bytes from the best of its copies: a file of this host where there is one, else in their order. */
@ApplicationScoped
public class Copies {
    private static final Logger LOG = Logger.getLogger(Copies.class);
    private final Backends backends;
    private final ImageCache cache;

    @Inject
    public Copies(Backends backends, ImageCache cache) {
        this.backends = backends;
        this.cache = cache;
    }

    /** The file with all the bytes, when a store of this host has it, or the cache. */
    public Optional<Path> file(Content content) {
        return content.copies().stream()
                .flatMap(copy -> backends.of(copy.backend()).file(copy.key()).stream())
                .filter(Files::isRegularFile)
                .findFirst()
                .or(() -> cache.read(content.sha512()));
    }

    /** The first copy that disks and volumes of a Ceph cluster can be cloned from. */
    public Optional<RbdSnapshot> snapshot(Content content) {
        return content.copies().stream()
                .flatMap(copy -> backends.of(copy.backend()).snapshot(copy.key()).stream())
                .findFirst();
    }

    /** From that byte on. A copy that cannot be read is passed over; IOException when none can. */
    public ReadableByteChannel read(Content content, long offset) throws IOException {
        Optional<Path> file = file(content);
        if (file.isPresent()) {
            var channel = java.nio.channels.FileChannel.open(file.get());
            channel.position(offset);
            return channel;
        }
        IOException last = new IOException("There is no copy.");
        for (Content.Copy copy : content.copies()) {
            try {
                return backends.of(copy.backend()).read(copy.key(), offset);
            } catch (IOException e) {
                LOG.warnf("The copy %s in the store %s cannot be read: %s", copy.key(), copy.backend(), e.getMessage());
                last = e;
            }
        }
        throw last;
    }
}
