package io.nephos.block.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.block.backend.StorageFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Debian's qemu-img, bounded in time and memory, and in how many copy at once. Formats are always named, never probed. */
@ApplicationScoped
class QemuImg {
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(25);
    private static final Executor THREADS =
            task -> Thread.ofVirtual().name("qemu-img").start(task);
    private static final List<String> LIMITS = List.of("prlimit", "--as=2147483648", "--core=0", "--");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Semaphore copies = new Semaphore(2);

    /** What is in a file that may come from a stranger. */
    JsonNode info(Path file, String format) {
        String output = run(SHORT, () -> true, "info", "--output=json", "-f", format, file.toString());
        try {
            return mapper.readTree(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void create(Path file, long gib) {
        run(SHORT, () -> true, "create", "-q", "-f", "qcow2", file.toString(), gib + "G");
    }

    void resize(Path file, long gib) {
        run(SHORT, () -> true, "resize", "-q", "-f", "qcow2", file.toString(), gib + "G");
    }

    void convert(Path from, String format, Path to, String toFormat, BooleanSupplier wanted) {
        copies.acquireUninterruptibly();
        try {
            run(LONG, wanted, "convert", "-q", "-f", format, "-O", toFormat, from.toString(), to.toString());
        } finally {
            copies.release();
        }
    }

    private static String run(Duration atMost, BooleanSupplier wanted, String... arguments) {
        List<String> command = new ArrayList<>(LIMITS);
        command.add("qemu-img");
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
        } catch (IOException e) {
            throw new StorageFault.Passing("qemu-img cannot be started: " + e.getMessage());
        }
        try {
            CompletableFuture<String> output = read(process.getInputStream());
            CompletableFuture<String> errors = read(process.getErrorStream());
            Instant end = Instant.now().plus(atMost);
            while (!process.waitFor(1, TimeUnit.SECONDS)) {
                if (!wanted.getAsBoolean()) {
                    throw new StorageFault.Unwanted();
                }
                if (Instant.now().isAfter(end)) {
                    throw new StorageFault.Hopeless("qemu-img " + arguments[0] + " took longer than " + atMost);
                }
            }
            if (process.exitValue() != 0) {
                throw failed(arguments[0], errors.join());
            }
            return output.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageFault.Passing("qemu-img was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    // A lock is another process at the same file, which ends; all else would fail the same way again.
    private static StorageFault failed(String verb, String errors) {
        String reason = "qemu-img " + verb + " failed: " + errors.strip();
        return errors.contains("lock") ? new StorageFault.Passing(reason) : new StorageFault.Hopeless(reason);
    }

    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        return "";
                    }
                },
                THREADS);
    }
}
