package io.nephos.identity.user;

import io.nephos.identity.keycloak.KeycloakUser;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.LocalDate;
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

    @Version
    public long generation;

    public Instant createdAt = Instant.now();

    public String username() {
        return KeycloakUser.username(domainId, name);
    }
}
