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
import java.util.HexFormat;
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
        footer.put("conectix".getBytes(StandardCharsets.US_ASCII))
                .putLong(48, 777)
                .putInt(60, 2);
        for (int piece : new int[] {1, 100, 511, 513, SIZE}) {
            assertEquals(Optional.of(777L), inspect("vhd", "bare", image, piece), "pieces of " + piece);
        }
    }

    @Test
    void aVmdkThatCanBeReadInTwoWaysOrNeedsAnotherIsRefused() {
        String own = "createType=\"monolithicSparse\"\n";
        assertEquals(
                Optional.of(2048L * 512),
                inspect("vmdk", "bare", described(own + "RW 2048 SPARSE \"a.vmdk\"\n"), SIZE));
        for (String two : new String[] {
            "#createType=\"monolithicFlat\"\n" + own,
            own + "x createType=\"monolithicFlat\"\n",
            "ddb.createType=\"vmfs\"\n" + own,
        }) {
            assertTrue(refusal("vmdk", "bare", described(two)).contains("other files"), two);
        }
        for (String extent : new String[] {
            "RW 2048 FLAT \"/etc/shadow\" 0",
            "RW 2048 SPARSE \"/dev/sda\"",
            "rw\t1 ZERO",
            "RW 1 SPARSE \"a\"\nRW 1 SPARSE \"b\""
        }) {
            assertTrue(refusal("vmdk", "bare", described(own + extent + "\n")).contains("another file"), extent);
        }
        assertTrue(
                refusal("vmdk", "bare", described("parentCID=12345678\n" + own)).contains("parent"));
        assertTrue(refusal("vmdk", "bare", described(own + "parentFileNameHint=\"/a\"\n"))
                .contains("parent"));
        byte[] sizeless = described(own);
        ByteBuffer.wrap(sizeless).putLong(12, 0);
        assertTrue(refusal("vmdk", "bare", sizeless).contains("without a size"));
    }

    @Test
    void aVmdkWhoseParentIsNamedBesideItsDescriptorIsRefused() {
        String own = "createType=\"monolithicSparse\"\n";
        String parent = "parentFileNameHint=\"/a\"\n";
        byte[] elsewhere = described(parent + own);
        ByteBuffer header = ByteBuffer.wrap(elsewhere).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(28, 40);
        byte[] harmless = ("# Disk DescriptorFile\n" + own).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(harmless, 0, elsewhere, 512 * 40, harmless.length);
        assertTrue(refusal("vmdk", "bare", elsewhere).contains("without a descriptor"));
        byte[] longer = described(own + "#".repeat(512) + "\n" + parent);
        ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putLong(36, 1);
        assertTrue(refusal("vmdk", "bare", longer).contains("parent"));
        byte[] ended = described(own);
        ByteBuffer.wrap(ended).order(ByteOrder.LITTLE_ENDIAN).putLong(36, 1);
        assertEquals(Optional.of(2048L * 512), inspect("vmdk", "bare", ended, SIZE));
    }

    @Test
    void whatIsTwoFormatsAtOnceIsRefused() {
        byte[] both = qcow2(3, 512, 0);
        ByteBuffer.wrap(both, SIZE - 512, 512)
                .slice()
                .put("conectix".getBytes(StandardCharsets.US_ASCII))
                .putLong(48, 777)
                .putInt(60, 2);
        System.arraycopy("CD001".getBytes(StandardCharsets.US_ASCII), 0, both, 32_769, 5);
        for (String said : new String[] {"vhd", "iso", "raw", "vmdk", "vdi", "vhdx"}) {
            assertTrue(refusal(said, "bare", both).contains("is qcow2, not " + said), said);
        }
        for (String said : new String[] {"ami", "aki", "ari"}) {
            assertTrue(refusal(said, said, both).contains("is qcow2, not " + said), said);
        }
        byte[] qed = Arrays.copyOf("QED\0".getBytes(StandardCharsets.US_ASCII), SIZE);
        assertTrue(refusal("raw", "bare", qed).contains("is qed, not raw"));
    }

    @Test
    void aVdiOrAVhdThatIsTheDifferenceToAnotherIsRefused() {
        byte[] vdi = new byte[SIZE];
        ByteBuffer header = ByteBuffer.wrap(vdi).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x40, 0xbeda107f).putInt(0x4c, 1).putLong(0x170, 4096);
        assertEquals(Optional.of(4096L), inspect("vdi", "bare", vdi, SIZE));
        assertTrue(refusal("vdi", "bare", Arrays.copyOf(vdi, 0x100)).contains("header"));
        header.putInt(0x4c, 4);
        assertTrue(refusal("vdi", "bare", vdi).contains("another one"));
        byte[] vhd = new byte[SIZE];
        ByteBuffer.wrap(vhd)
                .put("conectix".getBytes(StandardCharsets.US_ASCII))
                .putLong(48, 777)
                .putInt(60, 3);
        assertEquals(Optional.of(777L), inspect("vhd", "bare", vhd, SIZE));
        ByteBuffer.wrap(vhd).putInt(60, 4);
        assertTrue(refusal("vhd", "bare", vhd).contains("parent"));
    }

    @Test
    void aVhdxSaysHowLargeItsDiskIsHoweverItIsCut() {
        byte[] image = vhdx(0);
        for (int piece : new int[] {4093, 65_536, 300_000, image.length}) {
            assertEquals(Optional.of(5L << 30), inspect("vhdx", "bare", image, piece), "pieces of " + piece);
        }
        assertTrue(refusal("vhdx", "bare", vhdx(2)).contains("parent"));
        assertTrue(refusal("vhdx", "bare", Arrays.copyOf(image, 2 << 20)).contains("cut off"));
        image[192 * 1024] = 0;
        assertTrue(refusal("vhdx", "bare", image).contains("broken"));
    }

    @Test
    void anIsoIsKnownAndMayBeARawDiskToo() {
        byte[] iso = new byte[SIZE];
        System.arraycopy("CD001".getBytes(StandardCharsets.US_ASCII), 0, iso, 32_769, 5);
        assertEquals(Optional.of((long) SIZE), inspect("iso", "bare", iso, 1000));
        assertEquals(Optional.of((long) SIZE), inspect("raw", "bare", iso, 1000));
        assertTrue(refusal("qcow2", "bare", iso).contains("is iso, not qcow2"));
    }

    @Test
    void noBytesAtAllMakeItFailInAnotherWay() {
        Random random = new Random(7);
        String[] formats = {"raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "ami"};
        byte[][] magics = {
            {'Q', 'F', 'I', (byte) 0xfb},
            {'K', 'D', 'M', 'V'},
            {'#'},
            {},
            "vhdxfile".getBytes(StandardCharsets.US_ASCII),
            "conectix".getBytes(StandardCharsets.US_ASCII)
        };
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

    private static byte[] described(String text) {
        byte[] image = vmdk("x");
        Arrays.fill(image, 512, 512 * 21, (byte) 0);
        byte[] descriptor = ("# Disk DescriptorFile\n" + text).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(descriptor, 0, image, 512, descriptor.length);
        return image;
    }

    /** With its metadata 2 MiB from the beginning, and what it needs there and 64 KiB further on. */
    private static byte[] vhdx(int parameters) {
        int metadata = 2 << 20;
        byte[] image = new byte[3 << 20];
        ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("vhdxfile".getBytes(StandardCharsets.US_ASCII));
        int regions = 192 * 1024;
        bytes.put(regions, "regi".getBytes(StandardCharsets.US_ASCII)).putInt(regions + 8, 2);
        bytes.put(regions + 48, HexFormat.of().parseHex("06a27c8b90479a4bb8fe575f050f886e"));
        bytes.putLong(regions + 64, metadata);
        bytes.put(metadata, "metadata".getBytes(StandardCharsets.US_ASCII)).putShort(metadata + 10, (short) 2);
        bytes.put(metadata + 32, HexFormat.of().parseHex("2442a52f1bcd7648b2115dbed83bf4b8"));
        bytes.putInt(metadata + 48, 65_544).putLong(metadata + 65_544, 5L << 30);
        bytes.put(metadata + 64, HexFormat.of().parseHex("3767a1ca36fa434db3b633f0aa44e76b"));
        bytes.putInt(metadata + 80, 65_536).putInt(metadata + 65_540, parameters);
        return image;
    }

    private static Optional<Long> inspect(String disk, String container, byte[] bytes, int piece) {
        FormatInspector inspector = new FormatInspector(disk, container);
        for (int at = 0; at < bytes.length; at += piece) {
            inspector.feed(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
        }
        return inspector.finish();
    }

    private static String refusal(String disk, String container, byte[] bytes) {
        return assertThrows(FaultException.class, () -> inspect(disk, container, bytes, 4_000))
                .fault()
                .message();
    }
}
