package io.nephos.identity.user;

import io.nephos.identity.keycloak.KeycloakUser;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user; what Keystone adds to the Keycloak user of the same id. */
@Entity
@Table(name = "app_user")
public class UserRow {
    /** Reserved while Keycloak is asked to make it; not to be seen yet. */
    static final String CREATING = "creating";

    static final String ACTIVE = "active";

    /** Gone for everyone; Keycloak is to be told. */
    static final String DELETING = "deleting";

    /** Keycloak lost or deleted it: gone for everyone, but what it had is kept until its name is wanted, or it is back. */
    static final String MISSING = "missing";

    /** Made here. */
    public static final String LOCAL = "local";

    /** Came to be in Keycloak: its console, a directory behind it, a broker. */
    public static final String KEYCLOAK = "keycloak";

    /** Not in Keycloak; an identity provider vouches for him. */
    public static final String FEDERATED = "federated";

    @Id
    public String id;

    public String domainId;
    public String name;
    public boolean enabled;
    public @Nullable String defaultProjectId;
    public String options = "{}";
    public String extra = "{}";
    public String state = CREATING;
    public boolean hasPassword;
    public @Nullable Instant passwordPendingAt;
    public @Nullable Instant passwordCreatedAt;
    public @Nullable Instant passwordExpiresAt;

    /** The user chose it himself. */
    public boolean passwordSelfService;

    /** Written aside from the generation, once a day, and only where inactivity counts. */
    @Column(updatable = false)
    public @Nullable LocalDate lastActiveOn;

    public String origin = LOCAL;
    public @Nullable String keycloakUsername;
    public @Nullable Boolean keycloakEnabled;

    @Version
    public long generation;

    public Instant createdAt = Instant.now();

    /** His name in Keycloak: ours have their domain before it, who came to be there has what he was given. */
    public String username() {
        return origin.equals(KEYCLOAK) && keycloakUsername != null && !keycloakUsername.startsWith(prefix())
                ? name.toLowerCase(Locale.ROOT)
                : KeycloakUser.username(domainId, name);
    }

    /** Without the domain that ours have before them. */
    String nameOf(String username) {
        return username.startsWith(prefix()) ? username.substring(prefix().length()) : username;
    }

    private String prefix() {
        return domainId.toLowerCase(Locale.ROOT) + "/";
    }

    /** To be seen from its first moment: there is nothing to wait for in Keycloak. */
    public void activate() {
        state = ACTIVE;
    }

    public boolean federated() {
        return origin.equals(FEDERATED);
    }

    /** What Keycloak should have by what is said here. */
    KeycloakUser ours() {
        return new KeycloakUser(id, username(), enabled);
    }

    /** What both sides had when they were last equal. */
    Optional<KeycloakUser> last() {
        return keycloakUsername == null || keycloakEnabled == null
                ? Optional.empty()
                : Optional.of(new KeycloakUser(id, keycloakUsername, keycloakEnabled));
    }

    void last(KeycloakUser equal) {
        keycloakUsername = equal.username();
        keycloakEnabled = equal.enabled();
    }
}
