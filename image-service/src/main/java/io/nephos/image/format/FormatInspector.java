package io.nephos.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at image bytes as they stream by and keeps the first 64 KiB and the last 512 bytes of them, of a VHDX
 * its tables too (64 KiB at a time). Refuses, with a 415 that says why, a body that is not what it is said to be, and one
 * that would make QEMU open other files: a qcow2 with a backing file or an external data file, a VMDK with an extent
 * elsewhere, a VDI, VHD or VHDX that is the difference to another one.
 */
public final class FormatInspector {
    /** Disks, kernels and their first disks as they are; what they are packed in does not change that. */
    private static final Set<String> AMAZON = Set.of("ami", "aki", "ari");

    private static final int HEAD = 64 * 1024;
    private static final int TAIL = 512;
    private static final int SECTOR = 512;
    private static final int QCOW2_BACKING_AT = 8;
    private static final int QCOW2_SIZE_AT = 24;
    private static final int QCOW2_L1_ENTRIES_AT = 36;
    private static final int QCOW2_L1_AT = 40;
    private static final int QCOW2_INCOMPATIBLE_AT = 72;
    private static final long QCOW2_EXTERNAL_DATA = 1 << 2;
    private static final long QCOW2_KNOWN_FEATURES = 0b11111;
    private static final int VMDK_DESCRIPTOR = 20 * SECTOR;
    private static final int VDI_HEADER = 0x200;
    private static final int VDI_TYPE_AT = 0x4c;
    private static final int VDI_SIZE_AT = 0x170;
    private static final int VDI_DYNAMIC = 1;
    private static final int VDI_FIXED = 2;
    private static final int VHD_SIZE_AT = 48;
    private static final int VHD_TYPE_AT = 60;
    private static final int VHD_FIXED = 2;
    private static final int VHD_DYNAMIC = 3;

    private final String diskFormat;
    private final boolean bare;
    private final byte[] head = new byte[HEAD];
    private final byte[] tail = new byte[TAIL];
    private final Vhdx vhdx = new Vhdx();
    private int headLength;
    private int tailLength;
    private long size;
    private boolean judged;

    /** @param containerFormat only bare images are held to their disk format; in a container it says nothing of the bytes */
    public FormatInspector(String diskFormat, String containerFormat) {
        this.diskFormat = diskFormat;
        this.bare = containerFormat.equals("bare");
    }

    /** What remains of the buffer are the next bytes; it stays as it is. 415 as soon as it is known that they cannot be right. */
    public void feed(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.slice();
        if (headLength < HEAD) {
            int taken = Math.min(bytes.limit(), HEAD - headLength);
            bytes.get(0, head, headLength, taken);
            headLength += taken;
        }
        keepTail(bytes);
        if (diskFormat.equals("vhdx")) {
            vhdx.feed(size, bytes);
        }
        size += bytes.limit();
        if (headLength == HEAD && !judged) {
            judge();
        }
    }

    /** All bytes were there. The size of the disk that a guest sees; empty when the format does not say. */
    public Optional<Long> finish() {
        if (!judged) {
            judge();
        }
        return switch (diskFormat) {
            case "raw", "iso" -> bare ? Optional.of(size) : Optional.empty();
            case "qcow2" -> found(DiskFormat.QCOW2).map(format -> qcow2Size());
            case "vmdk" -> found(DiskFormat.VMDK).flatMap(format -> vmdkSize());
            case "vdi" -> found(DiskFormat.VDI).map(format -> vdiSize());
            case "vhdx" -> found(DiskFormat.VHDX).flatMap(format -> vhdxSize());
            case "vhd" -> vhdSize();
            default -> Optional.empty();
        };
    }

    private void judge() {
        judged = true;
        Optional<DiskFormat> actual = DiskFormat.of(head, headLength);
        if (bare) {
            switch (diskFormat) {
                case "qcow2", "vmdk", "vdi", "vhdx", "iso" -> {
                    if (!actual.map(Enum::name).equals(Optional.of(diskFormat.toUpperCase(Locale.ROOT)))) {
                        throw refused("is " + named(actual) + ", not " + diskFormat);
                    }
                }
                case "raw" -> requirePlain(actual);
                case "vhd" -> {
                    if (!actual.equals(Optional.of(DiskFormat.VHD))) {
                        // A fixed VHD is a raw disk with a footer: what it begins with is the disk's.
                        requirePlain(actual);
                    }
                }
                default -> {}
            }
        }
        if (AMAZON.contains(diskFormat)) {
            requirePlain(actual);
        }
        if (actual.equals(Optional.of(DiskFormat.QCOW2)) && diskFormat.equals("qcow2")) {
            judgeQcow2();
        }
        if (actual.equals(Optional.of(DiskFormat.VMDK)) && diskFormat.equals("vmdk")) {
            judgeVmdk();
        }
    }

    /** QEMU would probe the others as what they are; a raw disk never begins so by itself. */
    private void requirePlain(Optional<DiskFormat> actual) {
        if (actual.isPresent() && actual.get() != DiskFormat.ISO) {
            throw refused("is " + named(actual) + ", not " + diskFormat);
        }
    }

    private void judgeQcow2() {
        ByteBuffer header = ByteBuffer.wrap(head);
        int version = header.getInt(4);
        int needed = version >= 3 ? 104 : QCOW2_INCOMPATIBLE_AT;
        if (headLength < needed) {
            throw refused("is a qcow2 that ends within its header");
        }
        if (version != 2 && version != 3) {
            throw refused("is a qcow2 of version " + Integer.toUnsignedString(version) + "; only 2 and 3 are known");
        }
        if (header.getLong(QCOW2_BACKING_AT) != 0) {
            throw refused("is a qcow2 that has a backing file");
        }
        if (header.getLong(QCOW2_SIZE_AT) < 0) {
            throw refused("is a qcow2 whose size is not a number");
        }
        if (version == 3) {
            long features = header.getLong(QCOW2_INCOMPATIBLE_AT);
            if ((features & QCOW2_EXTERNAL_DATA) != 0) {
                throw refused("is a qcow2 that keeps its data in another file");
            }
            if ((features & ~QCOW2_KNOWN_FEATURES) != 0) {
                throw refused("is a qcow2 with features that are not known");
            }
        }
    }

    private long qcow2Size() {
        ByteBuffer header = ByteBuffer.wrap(head);
        long tableEnd = header.getLong(QCOW2_L1_AT) + 8L * Integer.toUnsignedLong(header.getInt(QCOW2_L1_ENTRIES_AT));
        if (bare && (tableEnd < 0 || tableEnd > size)) {
            throw refused("is a qcow2 that is cut off: its tables lie beyond its end");
        }
        return header.getLong(QCOW2_SIZE_AT);
    }

    /** Every extent must be of the kinds that lie in the file itself. */
    private void judgeVmdk() {
        String descriptor;
        if (head[0] == '#') {
            descriptor = new String(head, 0, headLength, ISO_8859_1);
        } else if (head[0] == 'K' && headLength >= SECTOR) {
            long sectors = little(head).getLong(36);
            // QEMU looks for the parent behind the header, wherever the header says that the descriptor is.
            if (little(head).getLong(28) != 1 || sectors <= 0 || sectors > headLength / SECTOR - 1) {
                throw refused("is a VMDK without a descriptor at its beginning");
            }
            descriptor = new String(head, SECTOR, vmdkDescriptorLength((int) sectors * SECTOR), ISO_8859_1);
        } else {
            throw refused("is a VMDK of a kind that is not supported");
        }
        new VmdkDescriptor(descriptor).leadsElsewhere().ifPresent(why -> {
            throw refused(why);
        });
        // QEMU takes the extents of such a one from the descriptor instead.
        if (head[0] == 'K' && little(head).getLong(12) <= 0) {
            throw refused("is a VMDK without a size");
        }
    }

    // QEMU reads on, over the end that the header gives it, until twenty sectors are over or a NUL ends the text.
    private int vmdkDescriptorLength(int given) {
        int length = given;
        int most = Math.min(VMDK_DESCRIPTOR, headLength - SECTOR);
        while (length < most && head[SECTOR + length - 1] != 0) {
            length++;
        }
        return length;
    }

    private Optional<Long> vmdkSize() {
        return head[0] == 'K' ? Optional.of(sane(little(head).getLong(12), SECTOR)) : Optional.empty();
    }

    private long vdiSize() {
        if (headLength < VDI_HEADER) {
            throw refused("is a VDI that ends within its header");
        }
        int type = little(head).getInt(VDI_TYPE_AT);
        if (type != VDI_DYNAMIC && type != VDI_FIXED) {
            throw refused("is a VDI that needs another one to be whole");
        }
        return sane(little(head).getLong(VDI_SIZE_AT), 1);
    }

    private Optional<Long> vhdxSize() {
        if (vhdx.needsParent()) {
            throw refused("is a VHDX that needs a parent, which is another file");
        }
        Optional<Long> disk = vhdx.diskSize();
        if (disk.isEmpty() && bare) {
            throw refused("is a VHDX whose tables are broken or cut off");
        }
        return disk.map(bytes -> sane(bytes, 1));
    }

    private Optional<Long> vhdSize() {
        if (found(DiskFormat.VHD).isPresent()) {
            return Optional.of(vhdSize(head, headLength));
        }
        byte[] magic = "conectix".getBytes(StandardCharsets.US_ASCII);
        boolean footer = tailLength == TAIL && Arrays.equals(tail, 0, magic.length, magic, 0, magic.length);
        if (!footer && bare) {
            throw refused("has no VHD footer");
        }
        return footer ? Optional.of(vhdSize(tail, tailLength)) : Optional.empty();
    }

    private static long vhdSize(byte[] footer, int length) {
        if (length < VHD_TYPE_AT + 4) {
            throw refused("is a VHD that ends within its header");
        }
        int type = ByteBuffer.wrap(footer).getInt(VHD_TYPE_AT);
        if (type != VHD_FIXED && type != VHD_DYNAMIC) {
            throw refused("is a VHD that needs a parent, which is another file");
        }
        return sane(ByteBuffer.wrap(footer).getLong(VHD_SIZE_AT), 1);
    }

    private static long sane(long units, int unit) {
        if (units < 0 || units > Long.MAX_VALUE / unit) {
            throw refused("says that its disk has an impossible size");
        }
        return units * unit;
    }

    private void keepTail(ByteBuffer bytes) {
        int length = bytes.limit();
        if (length >= TAIL) {
            bytes.get(length - TAIL, tail, 0, TAIL);
            tailLength = TAIL;
        } else {
            int kept = Math.min(tailLength, TAIL - length);
            System.arraycopy(tail, tailLength - kept, tail, 0, kept);
            bytes.get(0, tail, kept, length);
            tailLength = kept + length;
        }
    }

    private Optional<DiskFormat> found(DiskFormat wanted) {
        return DiskFormat.of(head, headLength).filter(format -> format == wanted);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String named(Optional<DiskFormat> format) {
        return format.map(known -> known.name().toLowerCase(Locale.ROOT)).orElse("of no known format");
    }

    private static FaultException refused(String why) {
        return new Fault.UnsupportedMediaType("", "The image data " + why + ".").asException();
    }
}
