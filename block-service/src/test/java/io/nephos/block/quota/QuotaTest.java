package io.nephos.block.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaTest {
    @Test
    void whatFitsExactlyFits() {
        assertTrue(Quota.excess("volumes", 10, 9, 1).isEmpty());
        assertTrue(Quota.excess("volumes", 10, 10, 1).isPresent());
        assertTrue(Quota.excess("gigabytes", 1000, 999, 1).isEmpty());
        assertTrue(Quota.excess("gigabytes", 1000, 999, 2).isPresent());
    }

    @Test
    void aNegativeLimitIsNone() {
        assertTrue(Quota.excess("gigabytes", -1, Long.MAX_VALUE / 2, 1000).isEmpty());
    }

    @Test
    void theReasonSaysHowMuchThereIs() {
        String reason = Quota.excess("gigabytes", 10, 8, 5).orElseThrow();
        assertTrue(reason.contains("5G") && reason.contains("10G") && reason.contains("8G"), reason);
    }

    @Test
    void eachTypeHasItsOwnLimits() {
        Map<String, Long> limits = Quota.defaults(List.of("fast"));
        assertEquals(-1L, limits.get("gigabytes_fast"));
        assertEquals(1000L, limits.get("gigabytes"));
    }
}
