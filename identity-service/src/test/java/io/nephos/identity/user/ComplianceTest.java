package io.nephos.identity.user;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.FaultException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ComplianceTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    private record Rules(
            OptionalInt lockoutFailureAttempts,
            int lockoutDuration,
            OptionalInt passwordExpiresDays,
            int uniqueLastPasswordCount,
            int minimumPasswordAge,
            Optional<String> passwordRegex,
            Optional<String> passwordRegexDescription,
            boolean changePasswordUponFirstUse,
            OptionalInt disableUserAccountDaysInactive)
            implements SecurityCompliance {}

    private static final Rules OFF = new Rules(
            OptionalInt.empty(),
            1800,
            OptionalInt.empty(),
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            false,
            OptionalInt.empty());
    private static final Rules STRICT = new Rules(
            OptionalInt.of(3),
            60,
            OptionalInt.of(30),
            2,
            2,
            Optional.of("^(?=.*\\d)(?=.*[a-zA-Z]).{7,}$"),
            Optional.of("a letter, a digit, seven characters"),
            true,
            OptionalInt.of(90));

    @Test
    void nothingIsAskedByDefault() {
        Compliance compliance = new Compliance(OFF);
        UserRow row = user("{}");
        compliance.start(row, false, NOW);
        assertNull(row.passwordExpiresAt);
        assertDoesNotThrow(() -> compliance.requireStrong(""));
        assertDoesNotThrow(() -> compliance.requireChangeable(row, NOW));
        row.createdAt = NOW.minus(Duration.ofDays(9000));
        assertTrue(compliance.enabled(row));
    }

    @Test
    void aWeakPasswordIsRefusedInTheOperatorsWords() {
        Compliance compliance = new Compliance(STRICT);
        FaultException weak = assertThrows(FaultException.class, () -> compliance.requireStrong("short1"));
        assertEquals(
                "The password does not match the requirements: a letter, a digit, seven characters.",
                weak.getMessage());
        assertDoesNotThrow(() -> compliance.requireStrong("long enough 1"));
    }

    @Test
    void anAdministratorsPasswordIsToBeChangedAtOnceAndTheUsersOwnLastsUntilItsDay() {
        Compliance compliance = new Compliance(STRICT);
        UserRow row = user("{}");
        compliance.start(row, false, NOW);
        assertTrue(compliance.expired(row, NOW).isPresent());
        compliance.start(row, true, NOW);
        assertEquals(NOW.plus(Duration.ofDays(30)), row.passwordExpiresAt);
        assertTrue(compliance.expired(row, NOW.plus(Duration.ofDays(29))).isEmpty());
        assertTrue(compliance.expired(row, NOW.plus(Duration.ofDays(30))).isPresent());
    }

    @Test
    void anOptionFreesAUserOfARule() {
        Compliance compliance = new Compliance(STRICT);
        UserRow row = user("{\"ignore_change_password_upon_first_use\": true, \"ignore_user_inactivity\": true,"
                + " \"ignore_lockout_failure_attempts\": true}");
        compliance.start(row, false, NOW);
        assertEquals(NOW.plus(Duration.ofDays(30)), row.passwordExpiresAt);
        row.createdAt = NOW.minus(Duration.ofDays(9000));
        assertTrue(compliance.enabled(row));
        assertTrue(compliance.neverLockedOut(row));
        row.options = "{\"ignore_password_expiry\": true}";
        assertTrue(compliance.expired(row, NOW.plus(Duration.ofDays(300))).isEmpty());
    }

    @Test
    void aUserWaitsUntilHisPasswordIsOldEnoughAndALockedOneStays() {
        Compliance compliance = new Compliance(STRICT);
        UserRow row = user("{}");
        compliance.start(row, false, NOW);
        assertDoesNotThrow(() -> compliance.requireChangeable(row, NOW));
        compliance.start(row, true, NOW);
        assertThrows(FaultException.class, () -> compliance.requireChangeable(row, NOW.plus(Duration.ofDays(1))));
        assertDoesNotThrow(() -> compliance.requireChangeable(row, NOW.plus(Duration.ofDays(2))));
        row.options = "{\"lock_password\": true}";
        assertThrows(FaultException.class, () -> compliance.requireChangeable(row, NOW.plus(Duration.ofDays(9))));
    }

    @Test
    void whoStaysAwayTooLongCountsAsDisabled() {
        Compliance compliance = new Compliance(STRICT);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        UserRow row = user("{}");
        row.lastActiveOn = today.minusDays(89);
        assertTrue(compliance.enabled(row));
        row.lastActiveOn = today.minusDays(90);
        assertFalse(compliance.enabled(row));
    }

    @Test
    void usersAreFilteredByTheEndOfTheirPassword() {
        UserRow row = user("{}");
        row.passwordExpiresAt = NOW;
        assertTrue(fits(row, "gt:2026-11-20T09:00:00Z"));
        assertTrue(fits(row, "2026-11-20T10:00:00Z"));
        assertFalse(fits(row, "neq:2026-11-20T10:00:00Z"));
        assertFalse(fits(row, "lt:2026-11-20T10:00:00Z"));
        for (String bad : List.of("about:2026-11-20T10:00:00Z", "gt:2026-11-20", "gt:", "x")) {
            assertThrows(FaultException.class, () -> fits(row, bad));
        }
    }

    private static boolean fits(UserRow row, String filter) {
        return UserFilters.passwordExpiresAt(List.of(filter)).test(row);
    }

    private static UserRow user(String options) {
        UserRow row = new UserRow();
        row.id = "u";
        row.enabled = true;
        row.options = options;
        return row;
    }
}
