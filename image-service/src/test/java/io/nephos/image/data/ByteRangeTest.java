package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nephos.kit.fault.FaultException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
    @Test
    void aRangeIsCutToWhatIsThere() {
        assertEquals(Optional.empty(), ByteRange.of(Optional.empty(), 10));
        assertEquals(new ByteRange(0, 1), range("bytes=0-0", 10));
        assertEquals(new ByteRange(5, 5), range("bytes=5-", 10));
        assertEquals(new ByteRange(5, 5), range("bytes=5-999", 10));
        assertEquals(new ByteRange(0, 10), range("bytes=-999", 10));
        assertEquals("bytes 5-9/10", range("bytes=5-", 10).contentRange(10));
    }

    @Test
    void aRangeWithoutBytesCannotBeServed() {
        for (String bad :
                new String[] {"bytes=10-", "bytes=3-2", "bytes=-0", "bytes=-", "bytes=a-b", "0-5", "bytes=0-1,2-3"}) {
            assertThrows(FaultException.class, () -> range(bad, 10), bad);
        }
        assertThrows(FaultException.class, () -> range("bytes=0-", 0));
    }

    @Test
    void theHeaderOfAnAnswerAsksForAllOfIt() {
        assertEquals(Optional.empty(), ByteRange.asAnswered(Optional.empty(), 15));
        for (String good : new String[] {"bytes 3-4/15", "bytes 3-4/*"}) {
            assertEquals(Optional.of(new ByteRange(3, 2)), ByteRange.asAnswered(Optional.of(good), 15), good);
        }
        for (String bad : new String[] {"bytes 3-16/15", "bytes 3-15/*", "bytes 4-3/15", "bytes 0-1/14", "bytes=0-1"}) {
            assertThrows(FaultException.class, () -> ByteRange.asAnswered(Optional.of(bad), 15), bad);
        }
    }

    private static ByteRange range(String header, long size) {
        return ByteRange.of(Optional.of(header), size).orElseThrow();
    }
}
