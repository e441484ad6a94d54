package io.nephos.image.convert;

import io.nephos.image.image.Attributes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Turns an image into the format that the operator wants of all imports ({@code nephos.image.conversion.format}), by
 * qemu-img, which is given the format that the bytes were found to have, never asked to guess it, and is bounded in memory,
 * processor time and the size of what it writes.
 */
@ApplicationScoped
public class Conversion {
    /** Disk formats as qemu-img calls them. */
    private static final Map<String, String> QEMU_NAMES = Map.of(
            "raw", "raw", "iso", "raw", "qcow2", "qcow2", "vmdk", "vmdk", "vdi", "vdi", "vhd", "vpc", "vhdx", "vhdx");

    private static final int MOST_WORDS = 2000;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    private final Optional<String> format;
    private final long memoryMib;
    private final long cpuSeconds;
    private final long mostGib;

    @Inject
    public Conversion(
            @ConfigProperty(name = "nephos.image.conversion.format") Optional<String> format,
            @ConfigProperty(name = "nephos.image.conversion.memory-mib", defaultValue = "1024") long memoryMib,
            @ConfigProperty(name = "nephos.image.conversion.cpu-seconds", defaultValue = "600") long cpuSeconds,
            @ConfigProperty(name = "nephos.image.conversion.most-gib", defaultValue = "100") long mostGib) {
        this.format = format.filter(QEMU_NAMES::containsKey);
        this.memoryMib = memoryMib;
        this.cpuSeconds = cpuSeconds;
        this.mostGib = mostGib;
        if (!format.equals(this.format)) {
            throw new IllegalArgumentException("nephos.image.conversion.format must be one of " + QEMU_NAMES.keySet());
        }
    }

    /** What such an image is converted to; empty when it stays as it is. */
    public Optional<String> wantedFor(Attributes attributes) {
        boolean bare = attributes.containerFormat().equals(Optional.of("bare"));
        String own = attributes.diskFormat().orElse("");
        return format.filter(
                wanted -> bare && QEMU_NAMES.containsKey(own) && !own.equals("iso") && !own.equals(wanted));
    }

    /** Writes a new file. IOException says what qemu-img said. */
    public void convert(Path from, String fromFormat, Path to, String toFormat) throws IOException {
        Process process = new ProcessBuilder(command(from, fromFormat, to, toFormat))
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(MOST_WORDS), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(cpuSeconds * 4, TimeUnit.SECONDS)) {
                throw new IOException("The conversion took longer than " + Duration.ofSeconds(cpuSeconds * 4) + ".");
            }
            int code = process.exitValue();
            if (code != 0) {
                throw new IOException("The conversion to " + toFormat + " failed: "
                        + (said.isEmpty()
                                ? "it was ended by signal " + (code - 128)
                                : said.replace(from.toString(), "image")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted.", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> command(Path from, String fromFormat, Path to, String toFormat) {
        List<String> command = new ArrayList<>(List.of(
                "prlimit",
                "--as=" + memoryMib * MIB,
                "--cpu=" + cpuSeconds,
                "--fsize=" + mostGib * GIB,
                "--core=0",
                "nice",
                "-n",
                "10",
                "qemu-img",
                "convert",
                "-f",
                QEMU_NAMES.getOrDefault(fromFormat, "raw"),
                "-O",
                QEMU_NAMES.getOrDefault(toFormat, "raw")));
        command.add(from.toString());
        command.add(to.toString());
        return command;
    }
}
