package io.nephos.block.file;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.StorageFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Images of any format as files of plain bytes, with holes where there are none; for backends that take only those. */
@ApplicationScoped
public class RawImages {
    private final FileBackend files;

    @Inject
    RawImages(FileBackend files) {
        this.files = files;
    }

    /** What is done with the file; it is gone afterwards. */
    public interface Use {
        void of(Path raw) throws IOException;
    }

    /** Throws a {@link StorageFault} when the image is none, refers to other files or is larger than that. */
    public void with(
            String volumeId, long atMostGib, String format, Backend.Source image, BooleanSupplier wanted, Use use)
            throws IOException {
        Path raw = files.store().part(volumeId);
        try {
            files.download(
                    volumeId,
                    atMostGib,
                    format,
                    image,
                    (download, known) -> files.qemuImg().convert(download, known, raw, "raw", wanted));
            use.of(raw);
        } finally {
            Files.deleteIfExists(raw);
        }
    }
}
