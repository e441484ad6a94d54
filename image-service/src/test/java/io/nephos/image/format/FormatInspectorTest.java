package io.nephos.image.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormatInspectorTest {
    private static final int SIZE = 200_000;

    @Test
    void aRawDiskIsAsLargeAsItsBytes() {
        assertEquals(Optional.of(5L), inspect("raw", "bare", new byte[5], 5));
        assertEquals(Optional.of(0L), inspect("raw", "bare", new byte[0], 1));
    }

    @Test
    void aQcow2SaysHowLargeItsDiskIsHoweverItIsCut() {
        byte[] image = qcow2(3, 0, 0);
        for (int piece : new int[] {1, 7, 511, 65_536, SIZE}) {
            assertEquals(Optional.of(1L << 30), inspect("qcow2", "bare", image, piece), "pieces of " + piece);
        }
        assertEquals(Optional.of(1L << 30), inspect("qcow2", "bare", qcow2(2, 0, 0), SIZE));
    }

    @Test
    void aQcow2ThatNeedsAnotherFileIsRefusedInAnyContainer() {
        assertTrue(refusal("qcow2", "bare", qcow2(3, 512, 0)).contains("backing file"));
        assertTrue(refusal("qcow2", "ovf", qcow2(2, 512, 0)).contains("backing file"));
        assertTrue(refusal("qcow2", "bare", qcow2(3, 0, 4)).contains("another file"));
        assertTrue(refusal("qcow2", "bare", qcow2(3, 0, 1 << 9)).contains("not known"));
        assertTrue(refusal("qcow2", "bare", qcow2(9, 0, 0)).contains("version 9"));
    }

    @Test
    void aBodyThatIsNotWhatItSaysIsRefused() {
        assertTrue(refusal("qcow2", "bare", new byte[SIZE]).contains("not qcow2"));
        assertTrue(refusal("qcow2", "bare", new byte[3]).contains("not qcow2"));
        assertTrue(refusal("raw", "bare", qcow2(3, 0, 0)).contains("not raw"));
        assertTrue(refusal("vhd", "bare", new byte[SIZE]).contains("footer"));
        assertTrue(refusal("iso", "bare", new byte[SIZE]).contains("not iso"));
    }

    @Test
    void aTruncatedQcow2IsRefused() {
        assertTrue(refusal("qcow2", "bare", Arrays.copyOf(qcow2(3, 0, 0), 80)).contains("header"));
        assertTrue(
                refusal("qcow2", "bare", Arrays.copyOf(qcow2(3, 0, 0), 65_000)).contains("cut off"));
    }

    @Test
    void aContainerMayHoldAnything() {
        assertEquals(Optional.empty(), inspect("vmdk", "ami", new byte[SIZE], SIZE));
        assertEquals(Optional.empty(), inspect("raw", "ami", new byte[SIZE], SIZE));
    }

    @Test
    void aVmdkKeepsItsBytesInItself() {
        assertEquals(Optional.of(2048L * 512), inspect("vmdk", "bare", vmdk("monolithicSparse"), SIZE));
        assertEquals(Optional.of(2048L * 512), inspect("vmdk", "bare", vmdk("streamOptimized"), 100));
        for (String foreign : new String[] {"monolithicFlat", "twoGbMaxExtentSparse", "vmfs", ""}) {
            assertTrue(refusal("vmdk", "bare", vmdk(foreign)).contains("other files"), foreign);
        }
        byte[] text = Arrays.copyOf(
                "# Disk DescriptorFile\ncreateType=\"monolithicFlat\"\nRW 1 FLAT \"/etc/shadow\" 0\n"
                        .getBytes(StandardCharsets.US_ASCII),
                1000);
        assertTrue(refusal("vmdk", "bare", text).contains("other files"));
    }

    @Test
    void aVhdIsKnownByItsFooter() {
        byte[] image = new byte[SIZE];
        ByteBuffer footer = ByteBuffer.wrap(image, SIZE - 512, 512).slice();
        footer.put("conectix".getBytes(StandardCharsets.US_ASCII)).putLong(48, 777);
        for (int piece : new int[] {1, 100, 511, 513, SIZE}) {
            assertEquals(Optional.of(777L), inspect("vhd", "bare", image, piece), "pieces of " + piece);
        }
    }

    @Test
    void noBytesAtAllMakeItFailInAnotherWay() {
        Random random = new Random(7);
        String[] formats = {"raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "ami"};
        byte[][] magics = {{'Q', 'F', 'I', (byte) 0xfb}, {'K', 'D', 'M', 'V'}, {'#'}, {}};
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(3_000)];
            random.nextBytes(bytes);
            byte[] magic = magics[round % magics.length];
            System.arraycopy(magic, 0, bytes, 0, Math.min(magic.length, bytes.length));
            try {
                inspect(formats[random.nextInt(formats.length)], "bare", bytes, 1 + random.nextInt(700));
            } catch (FaultException refused) {
                assertEquals(Fault.UnsupportedMediaType.class, refused.fault().getClass());
            }
        }
    }

    private static byte[] qcow2(int version, long backing, long features) {
        byte[] image = new byte[SIZE];
        ByteBuffer.wrap(image)
                .put(new byte[] {'Q', 'F', 'I', (byte) 0xfb})
                .putInt(version)
                .putLong(backing)
                .putLong(24, 1L << 30)
                .putInt(36, 2)
                .putLong(40, 65_536)
                .putLong(72, features);
        return image;
    }

    private static byte[] vmdk(String type) {
        byte[] image = new byte[SIZE];
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        header.put("KDMV".getBytes(StandardCharsets.US_ASCII));
        header.putLong(12, 2048).putLong(28, 1).putLong(36, 20);
        byte[] descriptor = ("# Disk DescriptorFile\nversion=1\ncreateType = \"" + type + "\"\n")
                .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(descriptor, 0, image, 512, descriptor.length);
        return image;
    }

    private static Optional<Long> inspect(String disk, String container, byte[] bytes, int piece) {
        FormatInspector inspector = new FormatInspector(disk, container);
        for (int at = 0; at < bytes.length; at += piece) {
            byte[] next = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece));
            inspector.feed(next, next.length);
        }
        return inspector.finish();
    }

    private static String refusal(String disk, String container, byte[] bytes) {
        return assertThrows(FaultException.class, () -> inspect(disk, container, bytes, 4_000))
                .fault()
                .message();
    }
}
