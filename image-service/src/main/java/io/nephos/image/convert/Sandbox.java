package io.nephos.image.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program on bytes of strangers: in a process group of its own, at low priority, bounded in address space, processor
 * time, what it writes and how long it takes, with nothing of our environment and, where the machine lets it be confined,
 * nothing of the machine's files and network. One that outlived an earlier life of this
 * process is ended, and what it wrote removed, before the first is run.
 */
final class Sandbox implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Sandbox.class);
    private static final int MOST_WORDS = 2000;
    /** Seconds of processor time between the signal that names the bound and the one that ends all. */
    private static final int GRACE = 5;

    private static final int SIGNALS = 128;
    private static final int SIGKILL = 9;
    private static final int SIGXCPU = 24;
    private static final int SIGXFSZ = 25;

    private final Path directory;
    private final Limits limits;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private @Nullable Confinement confinement;

    /**
     * @param memory bytes of address space
     * @param file bytes of the largest file
     */
    record Limits(long memory, long cpuSeconds, long file, Duration time) {}

    Sandbox(Path directory, Limits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    /** Makes the directory, empty. */
    synchronized Confinement prepare() throws IOException {
        Confinement known = confinement;
        if (known != null) {
            return known;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        endFormer();
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
        Confinement found = Confinement.in(directory);
        confinement = found;
        return found;
    }

    /**
     * Returns when it has ended well. IOException says what it said, or which bound it met.
     *
     * @param file what it reads; it writes in the directory only
     */
    void run(List<String> command, Path file) throws IOException {
        List<String> confined = prepare().around(directory, file, command);
        Path said = Files.createTempFile(directory, "", ".log");
        ProcessBuilder bounded = new ProcessBuilder(bounded(confined))
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        String path = bounded.environment().getOrDefault("PATH", "/usr/bin:/bin");
        bounded.environment().clear();
        bounded.environment().put("PATH", path);
        bounded.environment().put("LC_ALL", "C");
        try {
            Process process = bounded.start();
            running.add(process);
            try {
                await(process, said);
            } finally {
                if (process.isAlive()) {
                    endGroup(process.pid());
                }
                running.remove(process);
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }

    @Override
    public void close() {
        running.forEach(process -> endGroup(process.pid()));
    }

    private void await(Process process, Path said) throws IOException {
        try {
            if (!process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "The conversion took longer than " + limits.time().toSeconds() + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The service is ending.", e);
        }
        int code = process.exitValue();
        if (code != 0) {
            throw new IOException(reason(code, said));
        }
    }

    private String reason(int code, Path said) throws IOException {
        return switch (code - SIGNALS) {
            case SIGXCPU, SIGKILL ->
                "The conversion needed more than " + limits.cpuSeconds() + " s of processor time, or was ended.";
            case SIGXFSZ -> "The conversion would write more than " + (limits.file() >> 30) + " GiB.";
            default -> {
                String words;
                try (var in = Files.newInputStream(said)) {
                    words = new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
                }
                // Where files lie on this host is nobody's business.
                yield "The conversion failed: "
                        + words.replaceAll("/[^ :']*/", "")
                                .replaceAll("\\s+", " ")
                                .strip() + " (code " + code + ")";
            }
        };
    }

    private List<String> bounded(List<String> command) {
        List<String> bounded = new ArrayList<>(List.of(
                "setsid",
                "prlimit",
                "--as=" + limits.memory(),
                "--cpu=" + limits.cpuSeconds() + ":" + (limits.cpuSeconds() + GRACE),
                "--fsize=" + limits.file(),
                "--core=0",
                "--nofile=128",
                "nice",
                "-n",
                "10"));
        bounded.addAll(command);
        return bounded;
    }

    /** Whatever works in this directory was begun by an earlier life of this process. */
    private void endFormer() throws IOException {
        Path here = directory.toRealPath();
        ProcessHandle.allProcesses()
                .filter(process -> worksIn(here, process.pid()) || worksIn(directory, process.pid()))
                .forEach(process -> {
                    LOG.infof("A conversion of an earlier life of this process is ended: %d", process.pid());
                    endGroup(process.pid());
                });
    }

    private static boolean worksIn(Path directory, long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .equals(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void endGroup(long leader) {
        try {
            Process kill = new ProcessBuilder("kill", "-KILL", "--", "-" + leader)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.warnf("Process group %d could not be ended: %s", leader, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
