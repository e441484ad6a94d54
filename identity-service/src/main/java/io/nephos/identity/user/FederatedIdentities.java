package io.nephos.identity.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attribute "federated" of a user: by which providers and protocols he is known, and as whom. */
final class FederatedIdentities {
    private FederatedIdentities() {}

    /** Those that the request names take the place of all before. 400 for a provider or protocol that does not exist. */
    static void apply(Transaction tx, String userId, Fields user) {
        if (user.has("federated")) {
            List<FederatedUserRow> rows = rows(tx, userId, user);
            tx.execute("delete from FederatedUserRow where userId = :user", Map.of("user", userId));
            rows.forEach(tx::insert);
        }
    }

    /** All providers that the request names are of that domain. */
    static boolean ofDomain(Transaction tx, String domainId, Fields user) {
        return user.objects("federated").stream()
                .map(identity -> identity.text("idp_id", 1, 64))
                .allMatch(idp -> tx.count(
                                "select count(*) from IdentityProviderRow where id = :idp and domainId = :domain",
                                Map.of("idp", idp, "domain", domainId))
                        > 0);
    }

    /** What the request means; 400 as {@link #apply}. */
    static List<FederatedUserRow> rows(Transaction tx, String userId, Fields user) {
        List<FederatedUserRow> rows = new ArrayList<>();
        for (Fields identity : user.objects("federated")) {
            String idp = identity.only("idp_id", "protocols").text("idp_id", 1, 64);
            for (Fields protocol : identity.objects("protocols")) {
                String name = protocol.only("protocol_id", "unique_id").text("protocol_id", 1, 64);
                if (tx.count(
                                "select count(*) from ProtocolRow where idpId = :idp and name = :name",
                                Map.of("idp", idp, "name", name))
                        == 0) {
                    throw identity.invalid("idp_id", "there is no protocol '" + name + "' of '" + idp + "'.");
                }
                rows.add(FederatedUserRow.of(userId, idp, name, protocol.text("unique_id", 1, 255)));
            }
        }
        return rows;
    }

    /** {@code [{"idp_id", "protocols": [{"protocol_id", "unique_id"}]}]} */
    static ArrayNode view(Transaction tx, String userId) {
        Map<String, ObjectNode> providers = new LinkedHashMap<>();
        for (FederatedUserRow row : tx.list(
                FederatedUserRow.class,
                "from FederatedUserRow where userId = :user order by idpId, protocolId, id",
                Map.of("user", userId))) {
            ObjectNode provider = providers.computeIfAbsent(row.idpId, idp -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode().put("idp_id", idp);
                node.putArray("protocols");
                return node;
            });
            provider.withArray("protocols")
                    .addObject()
                    .put("protocol_id", row.protocolId)
                    .put("unique_id", row.uniqueId);
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        providers.values().forEach(all::add);
        return all;
    }

    /** The ids of the users known so, or null when nothing is asked. */
    static @Nullable List<String> matching(
            Transaction tx, @Nullable String idp, @Nullable String protocol, @Nullable String unique) {
        if (idp == null && protocol == null && unique == null) {
            return null;
        }
        return tx.list(
                String.class,
                "select distinct userId from FederatedUserRow where (:idp = '' or idpId = :idp)"
                        + " and (:protocol = '' or protocolId = :protocol) and (:unique = '' or uniqueId = :unique)",
                Map.of("idp", text(idp), "protocol", text(protocol), "unique", text(unique)));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
