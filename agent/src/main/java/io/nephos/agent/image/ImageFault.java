package io.nephos.agent.image;

/** Why an image cannot be had on this host. */
public abstract sealed class ImageFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ImageFault(String message) {
        super(message);
    }

    /** The store did not answer or the transfer broke off; what came is kept and the next try goes on from there. */
    public static final class Unavailable extends ImageFault {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message);
        }
    }

    /** What came is not what was promised, or must not be booted. Trying again does not help. */
    public static final class Unusable extends ImageFault {
        private static final long serialVersionUID = 1L;

        public Unusable(String message) {
            super(message);
        }
    }

    /** The disk is full. */
    public static final class NoSpace extends ImageFault {
        private static final long serialVersionUID = 1L;

        public NoSpace(String message) {
            super(message);
        }
    }
}
