package io.nephos.identity.credential;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** A secret that Keystone keeps for a user: "ec2", "totp", "cert" or any other type. {@code blob} is encrypted. */
@Entity
@Table(name = "credential")
public class CredentialRow {
    @Id
    public String id;

    public String userId;
    public @Nullable String projectId;
    public String type;
    public String blob;
    public String extra = "{}";

    @Version
    public long generation;

    public boolean ec2() {
        return type.equalsIgnoreCase("ec2");
    }
}
