package io.nephos.identity.trust;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A trust; {@code roles} is a JSON list of role ids. */
@Entity
@Table(name = "trust")
public class TrustRow {
    @Id
    public String id;

    public String trustorUserId;
    public String trusteeUserId;
    public @Nullable String projectId;
    public boolean impersonation;
    public @Nullable Instant expiresAt;
    public @Nullable Integer remainingUses;
    public int redelegationCount;
    public @Nullable String redelegatedFrom;
    public String roles = "[]";
    public String extra = "{}";
    public Instant createdAt = Instant.now();

    @Version
    public long generation;

    public boolean expired(Instant now) {
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    boolean usable(Instant now) {
        return !expired(now) && (remainingUses == null || remainingUses > 0);
    }
}
