package io.nephos.agent.instance;

/** An instance's specification that no host could make true. */
final class InvalidInstance extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidInstance(String message) {
        super(message);
    }
}
