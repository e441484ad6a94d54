package io.nephos.identity.federation;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** Who vouches for users; those that are made for him live in his domain. */
@Entity
@Table(name = "identity_provider")
public class IdentityProviderRow {
    @Id
    public String id;

    public String domainId;
    public boolean enabled;
    public @Nullable String description;

    /** Minutes for which groups that a mapping gave count; none: as long as a token. */
    public @Nullable Integer authorizationTtl;

    @Version
    public long generation;
}
