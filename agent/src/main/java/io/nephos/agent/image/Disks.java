package io.nephos.agent.image;

import java.nio.file.Path;

/** Makes root disks. */
public interface Disks {
    /**
     * A disk that starts as the image and keeps its changes to itself. Whole or not at all.
     *
     * @param format "qcow2" or "raw"; never guessed, a guest could have written a header
     * @param gib size; 0 for the image's own
     * @throws ImageFault.Unusable when the image is not what it says, refers to other files or is larger than the disk
     */
    void overlay(Path image, String format, long gib, Path disk);
}
