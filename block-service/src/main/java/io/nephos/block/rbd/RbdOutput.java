package io.nephos.block.rbd;

import io.nephos.block.backend.StorageFault;
import io.nephos.rbd.RbdImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Bytes into an image, from its first on. What is nothing but zeros is not written; so a new image stays sparse. */
final class RbdOutput extends OutputStream {
    private final RbdImage image;
    private final long size;
    private final BooleanSupplier wanted;
    private final byte[] piece = new byte[4 << 20];
    private int filled;
    private long position;

    RbdOutput(RbdImage image, long size, BooleanSupplier wanted) {
        this.image = image;
        this.size = size;
        this.wanted = wanted;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int taken = 0;
        while (taken < length) {
            int part = Math.min(length - taken, piece.length - filled);
            System.arraycopy(bytes, offset + taken, piece, filled, part);
            filled += part;
            taken += part;
            if (filled == piece.length) {
                send();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        send();
        image.flush();
    }

    private void send() throws IOException {
        if (position + filled > size) {
            throw new StorageFault.Hopeless(
                    "The image has more than " + size + " bytes, which do not fit in the volume.");
        }
        if (!wanted.getAsBoolean()) {
            throw new StorageFault.Unwanted();
        }
        if (filled > 0 && (piece[0] != 0 || !Arrays.equals(piece, 0, filled - 1, piece, 1, filled))) {
            image.write(position, piece, 0, filled);
        }
        position += filled;
        filled = 0;
    }
}
