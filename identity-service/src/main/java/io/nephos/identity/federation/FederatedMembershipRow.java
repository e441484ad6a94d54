package io.nephos.identity.federation;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A membership that a mapping gave, for a while. */
@Entity
@Table(name = "federated_membership")
public class FederatedMembershipRow {
    @Id
    public String id;

    public String userId;
    public String groupId;
    public String idpId;
    public Instant expiresAt;
}
