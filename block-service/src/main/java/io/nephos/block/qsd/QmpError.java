package io.nephos.block.qsd;

/** The daemon understood a command and refused it. */
final class QmpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    QmpError(String type, String description) {
        super(type + ": " + description);
    }
}
