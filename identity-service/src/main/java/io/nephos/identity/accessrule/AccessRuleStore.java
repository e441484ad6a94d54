package io.nephos.identity.accessrule;

import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.AccessRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access rules in the database, and which application credentials use them. */
@ApplicationScoped
public class AccessRuleStore {
    /**
     * Gives a new application credential the rules that its request names: by the id of one that the user has, or by content,
     * which becomes a rule of his where it is not one yet. 400 names the field.
     */
    public void use(Transaction tx, String credentialId, String userId, Fields credential) {
        List<AccessRuleRow> rows = new ArrayList<>();
        for (Fields asked : credential.objects("access_rules")) {
            AccessRuleRow row = known(tx, userId, asked).orElseGet(() -> ofContent(tx, userId, asked));
            if (rows.stream().noneMatch(other -> other.id.equals(row.id))) {
                rows.add(row);
            }
        }
        String carried =
                AccessRules.write(rows.stream().map(AccessRuleRow::rule).toList());
        if (carried.length() > AccessRules.LONGEST) {
            throw credential.invalid("access_rules", "are too many or too long to be carried in a token.");
        }
        for (int i = 0; i < rows.size(); i++) {
            tx.executeNative(
                    "insert into application_credential_rule (application_credential_id, access_rule_id, position)"
                            + " values (:credential, :rule, :position)",
                    Map.of("credential", credentialId, "rule", rows.get(i).id, "position", i));
        }
    }

    /** In the order in which they were given. */
    public List<AccessRuleRow> ofCredential(Transaction tx, String credentialId) {
        return tx.listNative(
                AccessRuleRow.class,
                "select r.* from access_rule r join application_credential_rule u on u.access_rule_id = r.id"
                        + " where u.application_credential_id = :credential order by u.position",
                Map.of("credential", credentialId));
    }

    Optional<AccessRuleRow> find(Transaction tx, String userId, String id) {
        return tx.find(AccessRuleRow.class, id).filter(row -> row.userId.equals(userId));
    }

    /** 403 while an application credential uses it. */
    void delete(Transaction tx, AccessRuleRow row) {
        tx.lock(AccessRuleRow.class, row.id);
        List<Long> uses = tx.listNative(
                Long.class,
                "select count(*) from application_credential_rule where access_rule_id = :rule",
                Map.of("rule", row.id));
        if (uses.getFirst() > 0) {
            throw Fault.forbidden("May not delete access rule in use");
        }
        tx.delete(row);
    }

    private Optional<AccessRuleRow> known(Transaction tx, String userId, Fields asked) {
        asked.only("id", "service", "method", "path");
        Optional<String> id = asked.optionalText("id", 1, 64);
        Optional<AccessRuleRow> row = id.flatMap(one -> find(tx, userId, one));
        if (id.isPresent() && row.isEmpty() && !asked.has("path")) {
            throw Fault.badRequest("Invalid application credential: Could not find Access Rule: " + id.get() + ".");
        }
        return row;
    }

    private static AccessRuleRow ofContent(Transaction tx, String userId, Fields asked) {
        String service = asked.text("service", 1, 64);
        if (!service.matches("[a-zA-Z0-9-]+")) {
            throw asked.invalid("service", "must have letters, digits and hyphens only.");
        }
        String method = asked.oneOf("method", "POST", "GET", "HEAD", "PATCH", "PUT", "DELETE");
        String path = asked.text("path", 1, 225);
        if (!path.startsWith("/") || path.chars().anyMatch(c -> c < ' ')) {
            throw asked.invalid("path", "must start with a slash and have no control characters.");
        }
        Map<String, String> content = Map.of("user", userId, "service", service, "method", method, "path", path);
        Map<String, String> fresh = new HashMap<>(content);
        fresh.put("id", Ids.random());
        tx.executeNative(
                "insert into access_rule (id, user_id, service, method, path)"
                        + " values (:id, :user, :service, :method, :path) on conflict do nothing",
                fresh);
        // Held until the credential has it, or a deletion in between would find it unused.
        return tx.listNative(
                        AccessRuleRow.class,
                        "select * from access_rule where user_id = :user and service = :service and method = :method"
                                + " and path = :path for update",
                        content)
                .getFirst();
    }
}
