package io.nephos.image.backend.rbd;

import io.nephos.image.backend.Backend;
import io.nephos.rbd.RbdImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;

/** Grows an image as bytes come; nothing but zeros is not written. The snapshot that readers look for is made at the end. */
final class RbdSink implements Backend.Sink {
    private static final Logger LOG = Logger.getLogger(RbdSink.class);
    static final long FIRST_SIZE = 64L << 20;

    private final RbdFaults faults;
    private final String key;
    private final RbdImage image;
    private long room = FIRST_SIZE;
    private long position;

    RbdSink(RbdFaults faults, String key, RbdImage image) {
        this.faults = faults;
        this.key = key;
        this.image = image;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        while (position + length > room) {
            room *= 2;
            faults.translated(() -> image.resize(room));
        }
        if (!zeros(bytes.slice())) {
            faults.translated(() -> image.write(position, bytes));
        }
        position += length;
    }

    @Override
    public void commit() throws IOException {
        faults.translated(() -> {
            image.resize(position);
            image.flush();
            image.snapshot(RbdBackend.SNAPSHOT);
        });
    }

    /** What was not committed is removed by {@code delete}, which whoever gives a transfer up calls. */
    @Override
    public void close() throws IOException {
        image.close();
        LOG.debugf("%d bytes of %s came", position, key);
    }

    private static boolean zeros(ByteBuffer bytes) {
        int last = bytes.limit() - 1;
        return last >= 0 && bytes.get(0) == 0 && bytes.slice(0, last).equals(bytes.slice(1, last));
    }
}
