package io.nephos.agent.hypervisor;

/** Why the hypervisor did not do what it was asked. */
public abstract sealed class HypervisorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private HypervisorException(String message) {
        super(message);
    }

    /** It cannot be reached, or did not answer in time; whether the call took effect is not known. */
    public static final class Unavailable extends HypervisorException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message) {
            super(message);
        }
    }

    /** The domain is not there. */
    public static final class Gone extends HypervisorException {
        private static final long serialVersionUID = 1L;

        public Gone(String message) {
            super(message);
        }
    }

    /** It understood and said no. */
    public static final class Refused extends HypervisorException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message);
        }
    }
}
