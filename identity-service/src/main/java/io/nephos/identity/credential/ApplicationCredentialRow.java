package io.nephos.identity.credential;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An application credential; {@code roles} is a JSON list of role ids, the secret is kept as a hash. */
@Entity
@Table(name = "application_credential")
public class ApplicationCredentialRow {
    @Id
    public String id;

    public String userId;
    public String projectId;
    public String name;
    public @Nullable String description;
    public String secretHash;
    public String roles = "[]";
    public boolean unrestricted;
    public @Nullable Instant expiresAt;
    public Instant createdAt = Instant.now();

    public boolean expired(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }
}
