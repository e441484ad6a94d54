package io.nephos.agent.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads from a qcow2 header what the disk is backed by (QEMU docs/interop/qcow2.txt). */
public final class BackingFile {
    private static final int MAGIC = 0x514649fb;
    private static final int MAX_NAME = 1023;

    private BackingFile() {}

    /** Empty when it is not qcow2 or stands by itself. */
    public static Optional<Path> of(Path disk) throws IOException {
        try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(24);
            channel.read(header, 0);
            header.flip();
            if (header.remaining() < 24 || header.getInt() != MAGIC) {
                return Optional.empty();
            }
            header.getInt();
            long offset = header.getLong();
            int length = header.getInt();
            if (offset <= 0 || length <= 0 || length > MAX_NAME) {
                return Optional.empty();
            }
            ByteBuffer name = ByteBuffer.allocate(length);
            channel.read(name, offset);
            return Optional.of(Path.of(new String(name.array(), StandardCharsets.UTF_8)));
        }
    }
}
