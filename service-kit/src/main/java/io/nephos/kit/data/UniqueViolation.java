package io.nephos.kit.data;

/** A unique constraint refused a row: it exists already. */
public final class UniqueViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String constraint;

    public UniqueViolation(String constraint, Throwable cause) {
        super("The constraint " + constraint + " was violated.", cause);
        this.constraint = constraint;
    }

    public String constraint() {
        return constraint;
    }
}
