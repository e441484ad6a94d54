package io.nephos.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TotpTest {
    /** "12345678901234567890", the secret of RFC 6238, appendix B. */
    private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "20000000000, 353130"})
    void thePasscodesAreThoseOfTheRfcAndGoodForOnePeriodMore(long second, String passcode) {
        OptionalLong period = OptionalLong.of(second / 30);
        assertEquals(passcode, Totp.passcode(SECRET, Instant.ofEpochSecond(second)));
        assertEquals(period, period(SECRET, passcode, second));
        assertEquals(period, period(SECRET, passcode, second + 30));
        assertEquals(OptionalLong.empty(), period(SECRET, passcode, second + 60));
        assertEquals(OptionalLong.empty(), period(SECRET, passcode, second - 30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "28708", "2870820", "287O82", " 287082", "٢٨٧٠٨٢"})
    void whatIsNoPasscodeIsRefused(String passcode) {
        assertEquals(OptionalLong.empty(), period(SECRET, passcode, 59));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "A", "not base 32!", "GEZDGNBV GY3TQOJQ", "{\"secret\": \"GEZDGNBVGY3TQOJQ\"}"})
    void withoutASecretThereIsNoPasscode(String secret) {
        assertEquals(OptionalLong.empty(), period(secret, "287082", 59));
    }

    @Test
    void aSecretMayBePaddedAndInLowerCase() {
        assertEquals(OptionalLong.of(1), period(SECRET.toLowerCase(Locale.ROOT) + "====", "287082", 59));
    }

    private static OptionalLong period(String secret, String passcode, long second) {
        return Totp.period(secret, passcode, Instant.ofEpochSecond(second));
    }
}
