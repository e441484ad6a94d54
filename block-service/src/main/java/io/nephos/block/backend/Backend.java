package io.nephos.block.backend;

import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where volumes are kept. Every call is idempotent: what is there already is not made again, removing what is not there
 * succeeds. Sizes in GiB. Throws {@link StorageFault}; whatever else is thrown may succeed another time.
 */
public interface Backend {
    /** As the configuration, a volume type's extra spec and a volume's row call it. */
    String name();

    /** Cinder's {@code storage_protocol}: how hosts reach the volumes. */
    String protocol();

    boolean has(String volumeId);

    /** An empty volume. */
    void create(String volumeId, long sizeGib);

    /** A volume with the bytes of an image, of which {@code format} is the disk format. */
    void createFromImage(String volumeId, long sizeGib, String format, Source image, BooleanSupplier wanted);

    /** A volume with what is in another one now. */
    void createFromVolume(String volumeId, long sizeGib, String sourceId, BooleanSupplier wanted);

    /** At least that size afterwards. */
    void extend(String volumeId, long sizeGib);

    void delete(String volumeId);

    Capacity capacity();

    /** Where hosts reach the volume by themselves; empty when it must be exported to them. */
    default Optional<Direct> direct(String volumeId) {
        return Optional.empty();
    }

    /** From now on that attachment writes, and whoever did before cannot any more; needed where hosts reach it directly. */
    default void hold(String volumeId, String attachment) {}

    /** Removes what was kept of deleted volumes only because others needed it. */
    default void sweep() {}

    /** Writes all its bytes. */
    interface Source {
        void writeTo(OutputStream out) throws IOException;

        /** Where they lie in a Ceph cluster, if they do. */
        default Optional<RbdSnapshot> snapshot() {
            return Optional.empty();
        }
    }

    /** An image of a Ceph cluster. */
    record Direct(String fsid, String pool, String image) {}

    /** In bytes. */
    record Capacity(long total, long free) {}
}
