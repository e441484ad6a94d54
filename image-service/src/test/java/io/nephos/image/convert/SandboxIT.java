package io.nephos.image.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nephos.kit.reconcile.Replica;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real programs that want more than they may have. */
class SandboxIT {
    private static final Sandbox.Limits LIMITS = new Sandbox.Limits(200L << 20, 1, 1 << 20, Duration.ofSeconds(20));

    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    Path directory;

    @TempDir
    Path beside;

    @Test
    void aProgramThatKeepsWithinItsBoundsLeavesNothingBehind() throws IOException {
        try (Sandbox sandbox = sandbox(LIMITS)) {
            sandbox.run(List.of("sh", "-c", "echo words; test -z \"$HOME\""), NOTHING);
        }
        assertEquals(List.of(), left());
    }

    @Test
    void processorTimeMemoryAndFileSizeAreBounded() throws IOException {
        try (Sandbox sandbox = sandbox(LIMITS)) {
            assertTrue(refusal(sandbox, "while :; do :; done").contains("processor time"));
            assertTrue(refusal(sandbox, "exec tail /dev/zero").contains("memory exhausted"));
            assertTrue(
                    refusal(sandbox, "exec head -c 5000000 /dev/zero > large").contains("would write more"));
            assertTrue(Files.size(directory.resolve("large")) <= 1 << 20);
        }
    }

    @Test
    void aProgramSeesOneFileOfThisMachineAndNoNetwork() throws IOException {
        Path secret = Files.writeString(beside.resolve("secret"), "x");
        Path source = Files.writeString(beside.resolve("source"), "y");
        try (Sandbox sandbox = sandbox(LIMITS);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assumeTrue(sandbox.prepare().confines(), "this machine allows no namespaces");
            String connect = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort();
            for (String forbidden : List.of(
                    "cat " + secret,
                    "ls /proc/self",
                    "cat /etc/passwd",
                    "echo x > " + source,
                    "touch /usr/bin/own",
                    "mount -n -t tmpfs none /usr",
                    "exec bash -c '" + connect + "'")) {
                refusal(sandbox, forbidden, source);
            }
            sandbox.run(List.of("sh", "-c", "cat " + source + " > copy"), source);
        }
        assertEquals("y", Files.readString(directory.resolve("copy")));
        assertEquals("x", Files.readString(secret));
    }

    @Test
    void aDiskThatNamesAParentIsReadWithoutIt() throws Exception {
        Path child = directory.resolve("child.qcow2");
        Path parent = Files.write(directory.resolve("parent"), new byte[] {'s', 'e', 'c', 'r', 'e', 't'});
        assertEquals(
                0,
                new ProcessBuilder(
                                "qemu-img",
                                "create",
                                "-q",
                                "-f",
                                "qcow2",
                                "-F",
                                "raw",
                                "-b",
                                parent.toString(),
                                child.toString(),
                                "64K")
                        .start()
                        .waitFor());
        Replica replica = new Replica("image", 1, Optional.of("r"));
        Conversion conversion = new Conversion(
                replica,
                directory.toString(),
                Optional.of("raw"),
                1024,
                60,
                Duration.ofMinutes(1),
                1,
                Optional.empty());
        try (Conversion.Converted raw = conversion.convert(child, "qcow2", Optional.of(65_536L), "raw")) {
            assertArrayEquals(new byte[65_536], Files.readAllBytes(raw.file()));
        } finally {
            conversion.stop();
        }
    }

    @Test
    void oneThatTakesTooLongIsEndedWithAllThatItStarted() throws IOException {
        Sandbox.Limits hurried = new Sandbox.Limits(200L << 20, 1, 1 << 20, Duration.ofMillis(500));
        try (Sandbox sandbox = sandbox(hurried)) {
            assertTrue(refusal(sandbox, "sleep 61 & sleep 62").contains("took longer"));
        }
        awaitNobodyHere();
    }

    @Test
    void whatAnEarlierLifeLeftRunningIsEnded() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("half"), "x");
        Process former = new ProcessBuilder("setsid", "sleep", "63")
                .directory(directory.toFile())
                .start();
        try (Sandbox sandbox = sandbox(LIMITS)) {
            awaitNobodyHere();
            assertFalse(former.isAlive());
            assertEquals(List.of(), left());
            sandbox.run(List.of("true"), NOTHING);
        }
    }

    @Test
    void whatItSaysNamesNoPlaceOfThisHost() throws IOException {
        try (Sandbox sandbox = sandbox(LIMITS)) {
            String words = refusal(sandbox, "cat " + directory + "/missing");
            assertTrue(words.contains("missing"), words);
            assertFalse(words.contains(directory.toString()), words);
        }
    }

    private Sandbox sandbox(Sandbox.Limits limits) throws IOException {
        Sandbox sandbox = new Sandbox(directory, limits);
        sandbox.prepare();
        return sandbox;
    }

    private static String refusal(Sandbox sandbox, String script) {
        return refusal(sandbox, script, NOTHING);
    }

    private static String refusal(Sandbox sandbox, String script, Path file) {
        return String.valueOf(assertThrows(IOException.class, () -> sandbox.run(List.of("sh", "-c", script), file))
                .getMessage());
    }

    private List<Path> left() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private void awaitNobodyHere() throws IOException {
        Path here = directory.toRealPath();
        for (int attempt = 0; attempt < 100; attempt++) {
            if (ProcessHandle.allProcesses().noneMatch(process -> worksIn(here, process.pid()))) {
                return;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("A process still runs in " + here);
    }

    private static boolean worksIn(Path directory, long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .equals(directory);
        } catch (IOException gone) {
            return false;
        }
    }
}
