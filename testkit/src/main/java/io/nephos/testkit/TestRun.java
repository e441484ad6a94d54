package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What one run of the tests shares. With {@code NEPHOS_TESTKIT} in the environment (a directory, given by
 * {@code ./nephos test}) the servers are started once for the whole run, over all its JVMs, and whoever gave the directory
 * ends the processes that its {@code *.pid} files name. Without it they live as long as this JVM.
 */
final class TestRun {
    private static final Optional<Path> SHARED = Optional.ofNullable(System.getenv("NEPHOS_TESTKIT"))
            .filter(text -> !text.isEmpty())
            .map(Path::of);
    private static final Path DIRECTORY = SHARED.orElseGet(TestRun::temporary);

    private TestRun() {}

    static Path directory() {
        return DIRECTORY;
    }

    /** Kafka, Keycloak and PostgreSQL as {@code ./nephos test} has fetched them. */
    static Path distribution(String name) {
        Path opt = Path.of(Optional.ofNullable(System.getenv("NEPHOS_OPT")).orElse("/var/lib/nephos/opt"));
        try (var entries = Files.list(opt)) {
            return entries.filter(entry ->
                            entry.getFileName().toString().matches(name + "-[0-9.]+") && Files.isDirectory(entry))
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IllegalStateException(name + " is not in " + opt));
        } catch (IOException e) {
            throw new UncheckedIOException("Run these tests by ./nephos test, which fetches what they need", e);
        }
    }

    /** What {@code make} made the first time in this run; later calls, from whichever JVM, get the same text. */
    static synchronized String once(String name, Supplier<String> make) {
        Path known = DIRECTORY.resolve(name);
        try (FileChannel channel = FileChannel.open(
                        DIRECTORY.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock ignored = channel.lock()) {
            if (Files.exists(known)) {
                return Files.readString(known);
            }
            String made = make.get();
            Files.writeString(known, made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server whose output goes to {@code <name>.log}; it ends with the run. */
    static void start(String name, ProcessBuilder command) {
        Process process = launch(name, command);
        if (SHARED.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            return;
        }
        try {
            Files.writeString(DIRECTORY.resolve(name + ".pid"), Long.toString(process.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(String name, ProcessBuilder command) {
        try {
            return command.redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(DIRECTORY.resolve(name + ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    static void run(ProcessBuilder command) {
        try {
            Process process = command.redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.command() + " failed: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void await(String what, Duration atMost, BooleanSupplier condition) {
        if (!Await.comesTrue(atMost, condition)) {
            throw new IllegalStateException(what + " is not ready; see " + DIRECTORY.resolve(what + ".log"));
        }
    }

    static boolean open(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory(
                    "nephos-testkit",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
