package io.nephos.identity.user;

import io.nephos.identity.wire.Attributes;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** What {@link SecurityCompliance} and the options of a user mean for him. */
@ApplicationScoped
public class Compliance {
    private static final LockOut PASSCODES = new LockOut(5, Duration.ofMinutes(5));

    private final SecurityCompliance rules;
    private final Optional<Pattern> strong;

    @Inject
    public Compliance(SecurityCompliance rules) {
        this.rules = rules;
        this.strong = rules.passwordRegex().map(Pattern::compile);
    }

    /** 400 in the operator's words. */
    public void requireStrong(String password) {
        if (strong.isPresent() && !strong.get().matcher(password).lookingAt()) {
            throw Fault.badRequest("The password does not match the requirements: "
                    + rules.passwordRegexDescription().orElse("it must match " + strong.get()) + ".");
        }
    }

    /** 400 while the user himself may not change his password. */
    void requireChangeable(UserRow row, Instant now) {
        if (option(row, "lock_password")) {
            throw Fault.badRequest("You cannot change your password at this time due to password policy disallowing"
                    + " password changes. Please contact your administrator to reset your password.");
        }
        if (row.passwordCreatedAt == null || !row.passwordSelfService) {
            return;
        }
        Instant from = row.passwordCreatedAt.plus(Duration.ofDays(rules.minimumPasswordAge()));
        if (now.isBefore(from)) {
            throw Fault.badRequest("You cannot change your password at this time due to the minimum password age. Once"
                    + " you change your password, it must be used for " + rules.minimumPasswordAge()
                    + " day(s) before it can be changed. Please try again in "
                    + Duration.between(now, from).toDays()
                    + " day(s) or contact your administrator to reset your password.");
        }
    }

    /** The age and end of a password that was set now. */
    void start(UserRow row, boolean selfService, Instant now) {
        row.passwordCreatedAt = now.truncatedTo(ChronoUnit.MICROS);
        row.passwordSelfService = selfService;
        boolean first = !selfService
                && rules.changePasswordUponFirstUse()
                && !option(row, "ignore_change_password_upon_first_use");
        row.passwordExpiresAt = first
                ? row.passwordCreatedAt
                : rules.passwordExpiresDays().isPresent() && !option(row, "ignore_password_expiry")
                        ? row.passwordCreatedAt.plus(
                                Duration.ofDays(rules.passwordExpiresDays().getAsInt()))
                        : null;
    }

    /** Said only to who knows the password. */
    public Optional<FaultException> expired(UserRow row, Instant now) {
        return row.passwordExpiresAt != null
                        && !row.passwordExpiresAt.isAfter(now)
                        && !option(row, "ignore_password_expiry")
                ? Optional.of(new Fault.Unauthorized(
                                "", "The password is expired and needs to be changed for user: " + row.id + ".")
                        .asException())
                : Optional.empty();
    }

    /** Enabled, and not away for too long. */
    public boolean enabled(UserRow row) {
        if (!row.enabled || rules.disableUserAccountDaysInactive().isEmpty() || option(row, "ignore_user_inactivity")) {
            return row.enabled;
        }
        LocalDate last =
                row.lastActiveOn != null ? row.lastActiveOn : LocalDate.ofInstant(row.createdAt, ZoneOffset.UTC);
        return ChronoUnit.DAYS.between(last, LocalDate.now(ZoneOffset.UTC))
                < rules.disableUserAccountDaysInactive().getAsInt();
    }

    public boolean countsActivity() {
        return rules.disableUserAccountDaysInactive().isPresent();
    }

    public boolean locksOut() {
        return rules.lockoutFailureAttempts().isPresent();
    }

    public boolean neverLockedOut(UserRow row) {
        return option(row, "ignore_lockout_failure_attempts");
    }

    /** Wrong passcodes in a row after which none is right, and for how long; there is a limit even where passwords have none. */
    public record LockOut(int attempts, Duration lasts) {}

    /** {@code row}: empty for a user who is not there. */
    public LockOut passcodeLockOut(Optional<UserRow> row) {
        return locksOut() && !row.map(this::neverLockedOut).orElse(false)
                ? new LockOut(rules.lockoutFailureAttempts().getAsInt(), Duration.ofSeconds(rules.lockoutDuration()))
                : PASSCODES;
    }

    private static boolean option(UserRow row, String name) {
        return Attributes.object(row.options).path(name).asBoolean();
    }
}
