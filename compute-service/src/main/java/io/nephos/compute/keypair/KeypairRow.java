package io.nephos.compute.keypair;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** A public key of a user; the private half is never kept. */
@Entity
@Table(name = "keypair")
public class KeypairRow {
    @Id
    public String id;

    @Column(name = "user_id")
    public String userId;

    public String name;
    public String type;

    @Column(name = "public_key")
    public String publicKey;

    public String fingerprint;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;
}
