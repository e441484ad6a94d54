package io.nephos.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and gives back what it printed. */
public final class Commands {
    private Commands() {}

    /** Standard output. {@link CommandFailed} when it exits with anything but 0 or takes longer than the timeout. */
    public static String run(Duration timeout, List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new CommandFailed(command, -1, String.valueOf(e.getMessage()));
        }
        CompletableFuture<String> output = read(process.getInputStream());
        CompletableFuture<String> error = read(process.getErrorStream());
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CommandFailed(command, -1, "no end after " + timeout.toSeconds() + " s");
            }
            // A daemon that inherited the pipes keeps them open: what came by then is all there is.
            String printed = output.get(2, TimeUnit.SECONDS);
            if (process.exitValue() != 0) {
                throw new CommandFailed(
                        command,
                        process.exitValue(),
                        error.get(2, TimeUnit.SECONDS).strip());
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(command, -1, "interrupted");
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new CommandFailed(command, -1, "its output could not be read: " + e);
        } finally {
            process.destroyForcibly();
        }
    }

    public static String run(Duration timeout, String... command) {
        return run(timeout, List.of(command));
    }

    /** Starts a program that puts itself in the background; what it prints goes to the given file. */
    public static void daemonize(Duration timeout, java.nio.file.Path log, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new CommandFailed(command, -1, "it did not go to the background");
            }
            if (process.exitValue() != 0) {
                throw new CommandFailed(command, process.exitValue(), java.nio.file.Files.readString(log));
            }
        } catch (IOException e) {
            throw new CommandFailed(command, -1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(command, -1, "interrupted");
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
            }
        });
        return text;
    }
}
