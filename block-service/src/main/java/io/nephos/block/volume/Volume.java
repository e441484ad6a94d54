package io.nephos.block.volume;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a volume may do in which state. Pure. */
public final class Volume {
    /** Cinder's states, as far as a volume here can be in them. */
    public enum Status {
        CREATING,
        AVAILABLE,
        RESERVED,
        ATTACHING,
        DETACHING,
        IN_USE,
        EXTENDING,
        DELETING,
        MAINTENANCE,
        ERROR,
        ERROR_DELETING,
        ERROR_EXTENDING;

        public String wire() {
            return this == IN_USE ? "in-use" : name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Status> of(String wire) {
            for (Status status : values()) {
                if (status.wire().equals(wire)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
    }

    /** What the reconciler still has to do for it. */
    public enum Task {
        NONE,
        CREATE,
        EXTEND,
        DELETE;

        public String wire() {
            return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
        }

        public static Task of(String wire) {
            return wire.isEmpty() ? NONE : valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /** The states of an attachment, in the order in which they win over each other for the volume's own state. */
    public enum Held {
        RESERVED,
        ATTACHING,
        DETACHING,
        ATTACHED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Held of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    private static final Set<Status> DELETABLE =
            Set.of(Status.AVAILABLE, Status.CREATING, Status.ERROR, Status.ERROR_DELETING, Status.ERROR_EXTENDING);
    private static final Set<Status> OF_ATTACHMENTS =
            Set.of(Status.AVAILABLE, Status.RESERVED, Status.ATTACHING, Status.DETACHING, Status.IN_USE);

    private Volume() {}

    /** Without force; a volume that something holds is never deletable so. */
    public static boolean deletable(Status status, boolean held) {
        return !held && DELETABLE.contains(status);
    }

    /** The state after its attachments changed; states that are not about attachments stay. */
    public static Status afterAttachments(Status now, Collection<Held> attachments) {
        if (!OF_ATTACHMENTS.contains(now) && !(now == Status.ERROR && attachments.isEmpty())) {
            return now;
        }
        return attachments.stream().max(Held::compareTo).map(Volume::statusOf).orElse(Status.AVAILABLE);
    }

    private static Status statusOf(Held held) {
        return switch (held) {
            case RESERVED -> Status.RESERVED;
            case ATTACHING -> Status.ATTACHING;
            case DETACHING -> Status.DETACHING;
            case ATTACHED -> Status.IN_USE;
        };
    }

    /** What a task that cannot succeed leaves behind. */
    public static Status failed(Task task) {
        return switch (task) {
            case EXTEND -> Status.ERROR_EXTENDING;
            case DELETE -> Status.ERROR_DELETING;
            case NONE, CREATE -> Status.ERROR;
        };
    }
}
