package io.nephos.identity.federation;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** A way to sign in with a provider, and the mapping that says who that is here. */
@Entity
@Table(name = "federation_protocol")
public class ProtocolRow {
    @Id
    public String id;

    public String idpId;
    public String name;
    public String mappingId;
    public @Nullable String remoteIdAttribute;

    @Version
    public long generation;

    static String key(String idpId, String name) {
        return idpId + '/' + name;
    }
}
