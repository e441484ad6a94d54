package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Providers, protocols and mappings in the database. */
@ApplicationScoped
public class FederationStore {
    private final ObjectMapper json = new ObjectMapper();
    private final UserStore users;
    private final RevocationFeed revocations;

    @Inject
    public FederationStore(UserStore users, RevocationFeed revocations) {
        this.users = users;
        this.revocations = revocations;
    }

    IdentityProviderRow provider(Transaction tx, String id) {
        return tx.find(IdentityProviderRow.class, id).orElseThrow(() -> Faults.notFound("identity provider", id));
    }

    ProtocolRow protocol(Transaction tx, String idpId, String name) {
        return tx.find(ProtocolRow.class, ProtocolRow.key(idpId, name))
                .orElseThrow(() -> Faults.notFound("federated protocol", name));
    }

    MappingRow mapping(Transaction tx, String id) {
        return tx.find(MappingRow.class, id).orElseThrow(() -> Faults.notFound("mapping", id));
    }

    List<ProtocolRow> protocols(Transaction tx, String idpId) {
        return tx.list(ProtocolRow.class, "from ProtocolRow where idpId = :idp order by id", Map.of("idp", idpId));
    }

    List<String> remoteIds(Transaction tx, String idpId) {
        return tx.list(String.class, "select id from RemoteIdRow where idpId = :idp order by id", Map.of("idp", idpId));
    }

    /** The provider that calls itself that. */
    Optional<String> calling(Transaction tx, String remoteId) {
        return tx.find(RemoteIdRow.class, remoteId).map(row -> row.idpId);
    }

    void remoteIds(Transaction tx, String idpId, List<String> ids) {
        tx.execute("delete from RemoteIdRow where idpId = :idp", Map.of("idp", idpId));
        for (String id : ids) {
            RemoteIdRow row = new RemoteIdRow();
            row.id = id;
            row.idpId = idpId;
            tx.insert(row);
        }
    }

    /** The users that were made for it go with it; others stay, and lose what it vouched for. */
    void delete(Transaction tx, IdentityProviderRow row) {
        revoke(tx, row.id);
        Map<String, String> idp = Map.of("idp", row.id);
        List<UserRow> its = tx.list(
                UserRow.class,
                "from UserRow where origin = 'federated' and state = 'active'"
                        + " and id in (select userId from FederatedUserRow where idpId = :idp)",
                idp);
        tx.execute("delete from FederatedUserRow where idpId = :idp", idp);
        tx.execute("delete from FederatedMembershipRow where idpId = :idp", idp);
        its.forEach(user -> users.startDeleting(tx, user));
        tx.delete(row);
    }

    /** The tokens of all for whom it vouched. */
    void revoke(Transaction tx, String idpId) {
        tx.list(String.class, "select distinct userId from FederatedUserRow where idpId = :idp", Map.of("idp", idpId))
                .forEach(user -> revocations.user(tx, user));
    }

    Mapping rules(MappingRow row) {
        ObjectNode wrapped = json.createObjectNode();
        wrapped.putObject("mapping").set("rules", tree(row.rules));
        return MappingRules.of(Fields.of(wrapped, "mapping"));
    }

    JsonNode tree(String rules) {
        try {
            return json.readTree(rules);
        } catch (IOException e) {
            throw new IllegalStateException("A mapping is kept that is not JSON", e);
        }
    }
}
