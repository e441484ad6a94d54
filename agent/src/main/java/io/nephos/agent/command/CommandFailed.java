package io.nephos.agent.command;

import java.util.List;

/** A program of the host could not be run, or said no. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    CommandFailed(List<String> command, int exitCode, String reason) {
        super(String.join(" ", command) + ": " + reason);
        this.exitCode = exitCode;
    }

    /** -1 when the program did not start or did not end in time. */
    public int exitCode() {
        return exitCode;
    }
}
