package io.nephos.identity.federation;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A name by which a provider calls itself, as the issuer of its tokens. */
@Entity
@Table(name = "provider_remote_id")
public class RemoteIdRow {
    @Id
    public String id;

    public String idpId;
}
