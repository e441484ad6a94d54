package io.nephos.block.backend;

/** Why storage did not do what was asked. */
public abstract sealed class StorageFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StorageFault(String message) {
        super(message);
    }

    /** It will never succeed; the message is for the user. */
    public static final class Hopeless extends StorageFault {
        private static final long serialVersionUID = 1L;

        public Hopeless(String message) {
            super(message);
        }
    }

    /** It may succeed another time. */
    public static final class Passing extends StorageFault {
        private static final long serialVersionUID = 1L;

        public Passing(String message) {
            super(message);
        }
    }

    /** Nobody wants it any more; it was stopped. */
    public static final class Unwanted extends StorageFault {
        private static final long serialVersionUID = 1L;

        public Unwanted() {
            super("The work is no longer wanted.");
        }
    }
}
