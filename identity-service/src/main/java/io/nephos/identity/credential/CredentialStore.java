package io.nephos.identity.credential;

import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/** Credentials in the database, whose blobs are readable here only. */
@ApplicationScoped
public class CredentialStore {
    private final CredentialCipher cipher;

    @Inject
    public CredentialStore(CredentialCipher cipher) {
        this.cipher = cipher;
    }

    /** The id of the credential of an EC2 access key: its SHA-256, as in Keystone. */
    public static String idOf(String accessKey) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(accessKey.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public Optional<CredentialRow> find(Transaction tx, String id) {
        return tx.find(CredentialRow.class, id);
    }

    public CredentialRow require(Transaction tx, String id) {
        return find(tx, id).orElseThrow(() -> Faults.notFound("credential", id));
    }

    public String blob(CredentialRow row) {
        return cipher.open(row.id, row.blob);
    }

    public void keep(CredentialRow row, String blob) {
        row.blob = cipher.seal(row.id, blob);
    }

    /** 409 when another credential has the id, which for EC2 means the same access key. */
    public <T> T unique(CredentialRow row, Supplier<T> write) {
        try {
            return write.get();
        } catch (UniqueViolation e) {
            throw Faults.duplicate("credential", "Duplicate entry found with ID " + row.id);
        }
    }
}
