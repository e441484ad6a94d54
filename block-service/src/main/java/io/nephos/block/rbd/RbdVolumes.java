package io.nephos.block.rbd;

import io.nephos.rbd.RbdFault;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.util.Optional;

/**
 * The images of a pool that are volumes, under Cinder's names: {@code volume-ID}; {@code volume-ID.part} while it is made;
 * {@code volume-ID.deleted} when nobody has it any more but others were cloned from it, and {@code clone-OTHER}, the
 * snapshot that the volume OTHER was cloned from. An image goes when its last clone does.
 */
final class RbdVolumes {
    private static final String VOLUME = "volume-";
    private static final String PART = ".part";
    private static final String DELETED = ".deleted";
    private static final String CLONE = "clone-";
    /** Reading through more of them than that is slow. */
    private static final int MOST_PARENTS = 5;

    private final RbdPool pool;

    RbdVolumes(RbdPool pool) {
        this.pool = pool;
    }

    static String name(String volumeId) {
        return VOLUME + volumeId;
    }

    /** What makes an image of that name. */
    interface Maker {
        void make(String image) throws IOException;
    }

    /** The volume is there when all of it is. */
    void make(String volumeId, Maker maker) throws IOException {
        if (pool.has(name(volumeId))) {
            return;
        }
        String part = name(volumeId) + PART;
        remove(part);
        maker.make(part);
        pool.rename(part, name(volumeId));
    }

    /** A clone of what is in the source now. */
    void cloneVolume(String sourceId, String volumeId, String image) throws IOException {
        RbdSnapshot from;
        try (RbdImage source = pool.open(name(sourceId))) {
            from = source.snapshot(CLONE + volumeId);
        }
        pool.clone(from, image);
        if (parents(name(sourceId)) + 1 >= MOST_PARENTS) {
            try (RbdImage made = pool.open(image)) {
                made.flatten();
            }
            release(from);
        }
    }

    void remove(String image) throws IOException {
        Optional<RbdSnapshot> parent;
        boolean cloned = false;
        try (RbdImage open = pool.open(image)) {
            parent = open.parent();
            for (String snapshot : open.snapshots()) {
                cloned |= !forgotten(open, snapshot);
            }
        } catch (RbdFault e) {
            if (e.kind() == RbdFault.Kind.MISSING) {
                return;
            }
            throw e;
        }
        if (!cloned) {
            pool.remove(image);
            if (parent.isPresent()) {
                release(parent.get());
            }
        } else if (!image.endsWith(DELETED)) {
            pool.rename(image, image + DELETED);
        }
    }

    /** Removes a volume, whole or not. */
    void removeVolume(String volumeId) throws IOException {
        remove(name(volumeId) + PART);
        remove(name(volumeId));
    }

    /** Removes what was kept for clones that are gone; an earlier process may have died before it could. */
    void sweep() throws IOException {
        for (String image : pool.images()) {
            if (image.startsWith(VOLUME) && image.endsWith(DELETED)) {
                remove(image);
            }
        }
    }

    /** What was cloned from it is gone. */
    private void release(RbdSnapshot parent) throws IOException {
        if (!parent.pool().equals(pool.name()) || !parent.name().startsWith(CLONE)) {
            return;
        }
        if (parent.image().endsWith(DELETED)) {
            remove(parent.image());
            return;
        }
        try (RbdImage image = pool.open(parent.image())) {
            forgotten(image, parent.name());
        }
    }

    private static boolean forgotten(RbdImage image, String snapshot) throws IOException {
        try {
            image.forget(snapshot);
            return true;
        } catch (RbdFault e) {
            if (e.kind() == RbdFault.Kind.IN_USE) {
                return false;
            }
            throw e;
        }
    }

    /** How many images of this pool it reads through. */
    private int parents(String image) throws IOException {
        int count = 0;
        String child = image;
        while (count < MOST_PARENTS) {
            try (RbdImage open = pool.openToRead(child, "")) {
                Optional<RbdSnapshot> parent =
                        open.parent().filter(found -> found.pool().equals(pool.name()));
                if (parent.isEmpty()) {
                    return count;
                }
                child = parent.get().image();
            }
            count++;
        }
        return count;
    }
}
