package io.nephos.block.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.block.backend.Backend;
import io.nephos.block.backend.StorageFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Volumes as {@code <id>.qcow2} in {@code nephos.block.store.path}. A file has its name only when it is whole: it is made
 * under another one and renamed, and what a crash leaves of that is swept away by {@link StoreSweep}.
 */
@ApplicationScoped
public class FileBackend implements Backend {
    static final String NAME = "file";
    private static final long GIB = 1L << 30;
    /** Glance's disk formats that cannot name other files, by their names in qemu-img. */
    private static final Map<String, String> FORMATS = Map.of(
            "raw", "raw", "iso", "raw", "ami", "raw", "qcow2", "qcow2", "vhd", "vpc", "vhdx", "vhdx", "vdi", "vdi");

    private final Store store;
    private final QemuImg qemuImg;

    @Inject
    FileBackend(@ConfigProperty(name = "nephos.block.store.path") String path, QemuImg qemuImg) {
        this.store = new Store(Path.of(path));
        this.qemuImg = qemuImg;
    }

    Store store() {
        return store;
    }

    /** Where the volume's bytes are; for the daemon that exports them. */
    public Path path(String volumeId) {
        return store.volume(volumeId);
    }

    QemuImg qemuImg() {
        return qemuImg;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String protocol() {
        return "NBD";
    }

    @Override
    public boolean has(String volumeId) {
        return Files.exists(path(volumeId));
    }

    @Override
    public void create(String volumeId, long sizeGib) {
        make(volumeId, part -> qemuImg.create(part, sizeGib));
    }

    @Override
    public void createFromImage(String volumeId, long sizeGib, String format, Source image, BooleanSupplier wanted) {
        make(volumeId, part -> {
            download(
                    volumeId,
                    sizeGib,
                    format,
                    image,
                    (download, known) -> qemuImg.convert(download, known, part, "qcow2", wanted));
            qemuImg.resize(part, sizeGib);
        });
    }

    /** What is done with an image's file, of a format that qemu-img knows by that name; the file is gone afterwards. */
    interface Download {
        void use(Path file, String format);
    }

    void download(String volumeId, long sizeGib, String format, Source image, Download download) throws IOException {
        String known = FORMATS.get(format);
        if (known == null) {
            throw new StorageFault.Hopeless("An image of format " + format + " cannot become a volume.");
        }
        Path file = store.part(volumeId);
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
                image.writeTo(out);
            }
            check(qemuImg.info(file, known), sizeGib);
            download.use(file, known);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void createFromVolume(String volumeId, long sizeGib, String sourceId, BooleanSupplier wanted) {
        Path source = path(sourceId);
        if (!Files.exists(source)) {
            throw new StorageFault.Hopeless("The source volume " + sourceId + " is gone.");
        }
        make(volumeId, part -> {
            qemuImg.convert(source, "qcow2", part, "qcow2", wanted);
            qemuImg.resize(part, sizeGib);
        });
    }

    @Override
    public void extend(String volumeId, long sizeGib) {
        Path path = path(volumeId);
        if (!Files.exists(path)) {
            throw new StorageFault.Hopeless("The volume's file is gone.");
        }
        if (qemuImg.info(path, "qcow2").path("virtual-size").asLong() < sizeGib * GIB) {
            qemuImg.resize(path, sizeGib);
        }
    }

    @Override
    public void delete(String volumeId) {
        try {
            Files.deleteIfExists(path(volumeId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Capacity capacity() {
        try {
            FileStore disk = Files.getFileStore(store.directory());
            return new Capacity(disk.getTotalSpace(), disk.getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image that refers to other files would let its owner read those of this host. */
    private static void check(JsonNode info, long sizeGib) {
        JsonNode specific = info.path("format-specific").path("data");
        if (info.has("backing-filename") || info.has("full-backing-filename") || specific.has("data-file")) {
            throw new StorageFault.Hopeless("The image refers to another file.");
        }
        long bytes = info.path("virtual-size").asLong();
        if (bytes > sizeGib * GIB) {
            throw new StorageFault.Hopeless("The image has " + (bytes + GIB - 1) / GIB
                    + " GiB, which do not fit in a volume of " + sizeGib + " GiB.");
        }
    }

    private void make(String volumeId, Maker maker) {
        if (has(volumeId)) {
            return;
        }
        Path part = store.part(volumeId);
        try {
            maker.make(part);
            Files.move(part, path(volumeId), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StorageFault.Passing("The store cannot be written: " + e.getMessage());
        } finally {
            try {
                Files.deleteIfExists(part);
            } catch (IOException e) {
                // the sweep takes it
            }
        }
    }

    private interface Maker {
        void make(Path part) throws IOException;
    }
}
