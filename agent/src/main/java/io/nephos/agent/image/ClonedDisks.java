package io.nephos.agent.image;

import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.contracts.agent.v1.ImageRef;

/**
 * Root disks that are cloned, copy-on-write, where the image already lies, instead of being made on this host. Throws
 * {@link ImageFault}.
 */
public interface ClonedDisks {
    /** None are. */
    ClonedDisks NONE = new ClonedDisks() {
        @Override
        public boolean fits(ImageRef image) {
            return false;
        }

        @Override
        public void ensure(String instanceId, ImageRef image, long gib) {
            throw new ImageFault.Unavailable("no disks are cloned on this host");
        }

        @Override
        public RootDisk disk(String instanceId) {
            throw new ImageFault.Unavailable(
                    "the root disk of " + instanceId + " is in a pool that this host is no longer configured for");
        }

        @Override
        public void remove(String instanceId) {
            disk(instanceId);
        }
    };

    /** Whether a disk of that image is made so. */
    boolean fits(ImageRef image);

    /** Whole or not at all. {@code gib} 0: the image's own size. */
    void ensure(String instanceId, ImageRef image, long gib);

    RootDisk disk(String instanceId);

    /** Removing what is not there succeeds. */
    void remove(String instanceId);
}
