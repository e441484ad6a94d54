package io.nephos.rbd;

import java.io.IOException;

/** Why a cluster did not do what it was asked. */
public final class RbdFault extends IOException {
    private static final long serialVersionUID = 1L;

    /** What that is about. */
    public enum Kind {
        /** There is no such image, snapshot, pool or note. */
        MISSING,
        /** There is one of that name. */
        EXISTS,
        /** Something is cloned from it, or it is open elsewhere. */
        IN_USE,
        /** The cluster has no room, or the pool's quota is used up. */
        FULL,
        /** The cluster does not answer, does not know us, or librbd is not installed here. */
        UNREACHABLE
    }

    /** ESHUTDOWN: the cluster does nothing any more for this client. */
    private static final int CUT_OFF = 108;

    private final Kind kind;
    private final boolean cutOff;

    RbdFault(Kind kind, String message) {
        this(kind, message, false);
    }

    private RbdFault(Kind kind, String message, boolean cutOff) {
        super(message);
        this.kind = kind;
        this.cutOff = cutOff;
    }

    static RbdFault of(String what, int errno) {
        return switch (errno) {
            case 2 -> new RbdFault(Kind.MISSING, "rbd " + what + ": not there");
            case 17 -> new RbdFault(Kind.EXISTS, "rbd " + what + ": there is one of that name");
            // EBUSY, and of an image that still has snapshots ENOTEMPTY
            case 16, 39 -> new RbdFault(Kind.IN_USE, "rbd " + what + ": something is cloned from it, or has it open");
            case 28, 122 -> new RbdFault(Kind.FULL, "rbd " + what + ": no room");
            default -> new RbdFault(Kind.UNREACHABLE, "rbd " + what + " failed with errno " + errno, errno == CUT_OFF);
        };
    }

    boolean cutOff() {
        return cutOff;
    }

    public Kind kind() {
        return kind;
    }
}
