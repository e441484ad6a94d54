package io.nephos.agent.instance;

import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.VolumeSpec;
import java.util.Optional;

/** Keeps a late message from undoing what a newer one asked for. Pure. */
final class Fencing {
    private Fencing() {}

    /** The wanted state is older than what the host already has. */
    static final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stale(String message) {
            super(message);
        }
    }

    /** @param marked the generation noted on the domain; 0 for none */
    static void check(InstanceSpec wanted, Optional<InstanceSpec> accepted, long marked) {
        long known = Math.max(marked, accepted.map(InstanceSpec::getGeneration).orElse(0L));
        if (wanted.getGeneration() < known) {
            throw new Stale("instance " + wanted.getId() + " is at generation " + known + " here; generation "
                    + wanted.getGeneration() + " is older");
        }
        accepted.ifPresent(before -> wanted.getVolumesList().forEach(volume -> checkVolume(volume, before)));
    }

    private static void checkVolume(VolumeSpec wanted, InstanceSpec before) {
        for (VolumeSpec known : before.getVolumesList()) {
            if (known.getVolumeId().equals(wanted.getVolumeId())
                    && wanted.getFencingGeneration() < known.getFencingGeneration()) {
                throw new Stale("volume " + wanted.getVolumeId() + " is fenced at " + known.getFencingGeneration()
                        + " here; " + wanted.getFencingGeneration() + " is older");
            }
        }
    }
}
