package io.nephos.block.backend;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/**
 * Where volumes are kept. Every call is idempotent: what is there already is not made again, removing what is not there
 * succeeds. Sizes in GiB. Throws {@link StorageFault}; whatever else is thrown may succeed another time.
 */
public interface Backend {
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

    /** Writes all its bytes. */
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }

    /** In bytes. */
    record Capacity(long total, long free) {}
}
