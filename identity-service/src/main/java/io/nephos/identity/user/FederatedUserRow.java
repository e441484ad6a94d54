package io.nephos.identity.user;

import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Transaction;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Map;
import java.util.Optional;

/** As whom an identity provider knows a user. */
@Entity
@Table(name = "federated_user")
public class FederatedUserRow {
    @Id
    public String id;

    public String userId;
    public String idpId;
    public String protocolId;
    public String uniqueId;

    public static FederatedUserRow of(String userId, String idpId, String protocolId, String uniqueId) {
        FederatedUserRow row = new FederatedUserRow();
        row.id = Ids.random();
        row.userId = userId;
        row.idpId = idpId;
        row.protocolId = protocolId;
        row.uniqueId = uniqueId;
        return row;
    }

    public static Optional<FederatedUserRow> find(Transaction tx, String idpId, String protocolId, String uniqueId) {
        return tx.first(
                FederatedUserRow.class,
                "from FederatedUserRow where idpId = :idp and protocolId = :protocol and uniqueId = :unique",
                Map.of("idp", idpId, "protocol", protocolId, "unique", uniqueId));
    }
}
