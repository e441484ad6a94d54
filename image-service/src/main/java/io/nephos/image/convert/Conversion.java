package io.nephos.image.convert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.Attributes;
import io.nephos.kit.reconcile.Replica;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Turns an image into the format that the operator wants of all imports ({@code nephos.image.conversion.format}), by
 * qemu-img, which is told what the bytes were found to be and never guesses.
 */
@ApplicationScoped
public class Conversion {
    /** Disk formats as qemu-img calls them. */
    private static final Map<String, String> QEMU_NAMES =
            Map.of("raw", "raw", "qcow2", "qcow2", "vmdk", "vmdk", "vdi", "vdi", "vhd", "vpc", "vhdx", "vhdx");

    private static final Logger LOG = Logger.getLogger(Conversion.class);
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final int SECTOR = 512;

    private final Optional<String> format;
    private final long mostGib;
    private final Path directory;
    private final Sandbox sandbox;

    /**
     * @param memoryMib address space of one conversion
     * @param mostGib of the file that it writes, and of the disk that it reads
     * @param directory where it writes; one for this replica is made in it, and emptied at the start
     */
    @Inject
    public Conversion(
            Replica replica,
            @ConfigProperty(name = "nephos.image.store.path") String store,
            @ConfigProperty(name = "nephos.image.conversion.format") Optional<String> format,
            @ConfigProperty(name = "nephos.image.conversion.memory-mib", defaultValue = "1024") long memoryMib,
            @ConfigProperty(name = "nephos.image.conversion.cpu-seconds", defaultValue = "600") long cpuSeconds,
            @ConfigProperty(name = "nephos.image.conversion.timeout", defaultValue = "PT1H") Duration timeout,
            @ConfigProperty(name = "nephos.image.conversion.most-gib", defaultValue = "100") long mostGib,
            @ConfigProperty(name = "nephos.image.conversion.directory") Optional<String> directory) {
        this.format = format;
        this.mostGib = mostGib;
        if (!format.map(QEMU_NAMES::containsKey).orElse(true)) {
            throw new IllegalArgumentException("nephos.image.conversion.format must be one of " + QEMU_NAMES.keySet());
        }
        this.directory = directory
                .map(Path::of)
                .orElseGet(() -> Path.of(store, "conversion"))
                .resolve(replica.name().replaceAll("[^A-Za-z0-9.-]", "_"))
                .toAbsolutePath()
                .normalize();
        this.sandbox =
                new Sandbox(this.directory, new Sandbox.Limits(memoryMib * MIB, cpuSeconds, mostGib * GIB, timeout));
    }

    /** What an earlier life of this process was converting is ended and removed. */
    void start(@Observes StartupEvent event) {
        if (Files.isDirectory(directory)) {
            Thread.ofVirtual().name("conversion-leftovers").start(() -> {
                try {
                    sandbox.prepare();
                } catch (IOException e) {
                    LOG.warnf("What is left of conversions is removed at the next: %s", e.getMessage());
                }
            });
        }
    }

    @PreDestroy
    void stop() {
        sandbox.close();
    }

    /** What such an image is converted to; empty when it stays as it is. An ISO is what it is for. */
    public Optional<String> wantedFor(Attributes attributes) {
        boolean bare = attributes.containerFormat().equals(Optional.of("bare"));
        String own = attributes.diskFormat().orElse("");
        return format.filter(wanted -> bare && QEMU_NAMES.containsKey(own) && !own.equals(wanted));
    }

    /** A file that goes when it is closed. */
    public record Converted(Path file) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /**
     * The same disk in another format, in a file of its own. IOException says why there is none.
     *
     * @param diskSize what the inspection found it to be, if it did
     */
    public Converted convert(Path from, String fromFormat, Optional<Long> diskSize, String toFormat)
            throws IOException {
        if (diskSize.orElse(0L) > mostGib * GIB) {
            throw new IOException("The disk is larger than the " + mostGib + " GiB that are converted.");
        }
        sandbox.prepare();
        Path result = Files.createTempFile(directory, "", "." + toFormat);
        Converted converted = new Converted(result);
        try {
            Path source = from.toAbsolutePath().normalize();
            sandbox.run(
                    List.of(
                            "qemu-img",
                            "convert",
                            "-O",
                            qemu(toFormat),
                            source(source, qemu(fromFormat)),
                            result.toString()),
                    source);
            requireWhole(result, diskSize, toFormat, fromFormat);
            return converted;
        } catch (IOException e) {
            converted.close();
            throw e;
        }
    }

    // Whatever it says of itself, it has no parent.
    private static String source(Path file, String format) {
        ObjectNode source = JsonNodeFactory.instance.objectNode().put("driver", format);
        source.putObject("file").put("driver", "file").put("filename", file.toString());
        return "json:" + source.putNull("backing");
    }

    // What a VHD says of its size, QEMU reads in more than one way.
    private static void requireWhole(Path result, Optional<Long> diskSize, String toFormat, String fromFormat)
            throws IOException {
        if (!toFormat.equals("raw") || fromFormat.equals("vhd") || diskSize.isEmpty()) {
            return;
        }
        long wanted = Math.ceilDiv(diskSize.get(), SECTOR) * SECTOR;
        if (Files.size(result) != wanted) {
            throw new IOException("The conversion made " + Files.size(result) + " bytes of a disk of " + wanted + ".");
        }
    }

    private static String qemu(String format) throws IOException {
        String name = QEMU_NAMES.get(format);
        if (name == null) {
            throw new IOException("There is no conversion of " + format + ".");
        }
        return name;
    }
}
