package io.nephos.image.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A VHDX as it streams by: its table of regions leads to its table of metadata, which leads to the size of the disk and to
 * whether it needs a parent. Each lies behind the one before, so one pass is enough. 64 KiB of it are kept at a time.
 */
final class Vhdx {
    private static final int TABLE = 64 * 1024;
    private static final long REGIONS_AT = 192 * 1024;
    private static final int MOST_ENTRIES = 2047;
    private static final int ENTRY = 32;
    private static final int NEEDS_PARENT = 1 << 1;
    // As they lie in the file: the first three groups of digits of such an id are turned round.
    private static final byte[] METADATA = id("06a27c8b90479a4bb8fe575f050f886e");
    private static final byte[] DISK_SIZE = id("2442a52f1bcd7648b2115dbed83bf4b8");
    private static final byte[] PARAMETERS = id("3767a1ca36fa434db3b633f0aa44e76b");

    private Window table = new Window(REGIONS_AT, TABLE);
    private boolean tableIsRegions = true;
    private @Nullable Window size;
    private @Nullable Window parameters;
    private boolean wrong;

    void feed(long position, ByteBuffer bytes) {
        while (!table.full()) {
            table.feed(position, bytes);
            if (!table.full()) {
                return;
            }
            if (tableIsRegions) {
                readRegions();
            } else {
                readMetadata();
            }
            if (wrong) {
                return;
            }
        }
        feed(size, position, bytes);
        feed(parameters, position, bytes);
    }

    /** Bytes; empty when the tables are broken, or not all there. */
    Optional<Long> diskSize() {
        Window found = size;
        return found != null && found.full() ? Optional.of(found.bytes().getLong(0)) : Optional.empty();
    }

    boolean needsParent() {
        Window found = parameters;
        return found != null && found.full() && (found.bytes().getInt(4) & NEEDS_PARENT) != 0;
    }

    private void readRegions() {
        ByteBuffer regions = table.bytes();
        Optional<Integer> entry = regions.getInt(0) == 0x69676572
                ? find(regions, 16, Math.min(MOST_ENTRIES, regions.getInt(8)), METADATA)
                : Optional.empty();
        long at = entry.map(found -> regions.getLong(found + 16)).orElse(0L);
        if (at < table.end() || at > Long.MAX_VALUE / 2) {
            wrong = true;
            return;
        }
        table = new Window(at, TABLE);
        tableIsRegions = false;
    }

    private void readMetadata() {
        ByteBuffer metadata = table.bytes();
        byte[] signature = new byte[8];
        metadata.get(0, signature);
        if (!Arrays.equals(signature, "metadata".getBytes(StandardCharsets.US_ASCII))) {
            wrong = true;
            return;
        }
        int entries = Math.min(MOST_ENTRIES, Short.toUnsignedInt(metadata.getShort(10)));
        size = item(metadata, entries, DISK_SIZE);
        parameters = item(metadata, entries, PARAMETERS);
        wrong = size == null || parameters == null;
    }

    private @Nullable Window item(ByteBuffer metadata, int entries, byte[] id) {
        Optional<Integer> entry = find(metadata, ENTRY, entries, id);
        if (entry.isEmpty()) {
            return null;
        }
        long offset = Integer.toUnsignedLong(metadata.getInt(entry.get() + 16));
        return offset < TABLE ? null : new Window(table.start() + offset, 8);
    }

    private static void feed(@Nullable Window window, long position, ByteBuffer bytes) {
        if (window != null) {
            window.feed(position, bytes);
        }
    }

    /** Where the entry of that id begins; all entries have the same size in both tables. */
    private static Optional<Integer> find(ByteBuffer table, int first, int entries, byte[] id) {
        byte[] each = new byte[id.length];
        for (int entry = 0; entry < entries; entry++) {
            int at = first + entry * ENTRY;
            table.get(at, each);
            if (Arrays.equals(each, id)) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private static byte[] id(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
