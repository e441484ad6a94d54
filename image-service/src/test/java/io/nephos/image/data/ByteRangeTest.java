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

    private static ByteRange range(String header, long size) {
        return ByteRange.of(Optional.of(header), size).orElseThrow();
    }
}
