package io.nephos.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The disk formats that say what they are in their first bytes. */
enum DiskFormat {
    QCOW2,
    VMDK,
    VDI,
    VHD,
    VHDX,
    /** Known only to be refused. */
    QED,
    ISO;

    private static final int ISO_MAGIC_AT = 32_769;
    private static final int VDI_MAGIC_AT = 0x40;

    /** What these first bytes begin; empty when nothing known, as raw disks do. */
    static Optional<DiskFormat> of(byte[] head, int length) {
        if (begins(head, length, 0, new byte[] {'Q', 'F', 'I', (byte) 0xfb})) {
            return Optional.of(QCOW2);
        }
        if (begins(head, length, 0, ascii("KDMV"))
                || begins(head, length, 0, ascii("COWD"))
                || begins(head, length, 0, ascii("# Disk DescriptorFile"))) {
            return Optional.of(VMDK);
        }
        if (length >= VDI_MAGIC_AT + 4
                && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(VDI_MAGIC_AT) == 0xbeda107f) {
            return Optional.of(VDI);
        }
        if (begins(head, length, 0, ascii("conectix"))) {
            return Optional.of(VHD);
        }
        if (begins(head, length, 0, ascii("vhdxfile"))) {
            return Optional.of(VHDX);
        }
        if (begins(head, length, 0, ascii("QED\0"))) {
            return Optional.of(QED);
        }
        if (begins(head, length, ISO_MAGIC_AT, ascii("CD001"))) {
            return Optional.of(ISO);
        }
        return Optional.empty();
    }

    private static boolean begins(byte[] head, int length, int at, byte[] magic) {
        return length >= at + magic.length && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
