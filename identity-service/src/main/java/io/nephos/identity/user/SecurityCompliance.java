package io.nephos.identity.user;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;
import java.util.OptionalInt;

/** Keystone's {@code [security_compliance]}, by its names and with its defaults: everything off. */
@ConfigMapping(prefix = "nephos.identity.security")
public interface SecurityCompliance {
    /** Wrong passwords in a row after which Keycloak refuses the user for {@link #lockoutDuration} seconds. */
    OptionalInt lockoutFailureAttempts();

    @WithDefault("1800")
    int lockoutDuration();

    /** Days for which a password that is set from now on is good. */
    OptionalInt passwordExpiresDays();

    /** A new password must differ from that many before it. An administrator's reset is free of it. */
    @WithDefault("0")
    int uniqueLastPasswordCount();

    /** Days that a password must be used before its user may change it. */
    @WithDefault("0")
    int minimumPasswordAge();

    /** What a new password must start with a match of. */
    Optional<String> passwordRegex();

    /** The same in words, for whoever is refused. */
    Optional<String> passwordRegexDescription();

    @WithDefault("false")
    boolean changePasswordUponFirstUse();

    /** Days without a sign-in by password after which a user counts as disabled. */
    OptionalInt disableUserAccountDaysInactive();
}
