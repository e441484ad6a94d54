package io.nephos.identity.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.accessrule.AccessRuleRow;
import io.nephos.identity.accessrule.AccessRuleStore;
import io.nephos.identity.accessrule.AccessRuleView;
import io.nephos.identity.catalog.CatalogStore;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.trust.TrustRow;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.RecentAnswers;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.token.Token;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body that explains a token: names for its ids, and the catalog. */
@ApplicationScoped
public class TokenView {
    /** All names at once, for every service's users ask this. */
    private static final String NAMES = """
            select u.name as user_name, u.password_expires_at as expires, ud.name as user_domain,
                   p.name as project_name, pd.name as project_domain, d.name as domain_name,
                   array(select r.id from role r
                         where r.domain_id = '' and lower(r.name) = any($4) order by r.name) as role_ids,
                   array(select r.name from role r
                         where r.domain_id = '' and lower(r.name) = any($4) order by r.name) as role_names
            from app_user u
            join project ud on ud.id = u.domain_id
            left join project p on p.id = $2 and not p.is_domain
            left join project pd on pd.id = p.domain_id
            left join project d on d.id = $3 and d.is_domain
            where u.id = $1 and u.state = 'active'
            """;

    private static final String FEDERATION = """
            select f.idp_id, f.protocol_id,
                   array(select m.group_id from federated_membership m
                         where m.user_id = f.user_id and m.idp_id = f.idp_id and m.expires_at > now()
                         order by m.group_id) as groups
            from federated_user f where f.user_id = $1 and f.protocol_id = any($2)
            order by f.idp_id limit 1
            """;

    private static final Set<String> OUR_METHODS = Set.of("password", "token", "application_credential", "totp");

    private final Database db;
    private final CatalogStore catalog;
    private final AccessRuleStore accessRules;
    private final ObjectMapper json;
    private final RecentAnswers<Asked, byte[]> shown;
    private final RecentAnswers<Named, Row> names;
    private final RecentAnswers<Delegated, ObjectNode> delegations;

    @Inject
    public TokenView(Database db, CatalogStore catalog, AccessRuleStore accessRules, ObjectMapper json) {
        this.db = db;
        this.catalog = catalog;
        this.accessRules = accessRules;
        this.json = json;
        this.shown = new RecentAnswers<>(db);
        this.names = new RecentAnswers<>(db);
        this.delegations = new RecentAnswers<>(db);
    }

    private record Asked(String auditId, boolean withCatalog) {}

    private record Named(String userId, String projectId, String domainId, List<String> roles) {}

    private record Delegated(Optional<String> applicationCredentialId, Optional<String> trustId) {}

    /**
     * As {@link #body}, in UTF-8, for a token that is shown again and again: as it was half a second ago at most, and as it
     * is after any change that was made here.
     */
    Optional<byte[]> shown(Token token, boolean withCatalog) {
        return shown.find(
                        new Asked(token.auditIds().getFirst(), withCatalog),
                        () -> body(token, withCatalog).map(this::bytes))
                .map(RecentAnswers.Answer::value);
    }

    private byte[] bytes(ObjectNode node) {
        try {
            return json.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code {"token": {...}}}; empty when what the token is about is gone. */
    public Optional<ObjectNode> body(Token token, boolean withCatalog) {
        Named asked = new Named(
                token.userId(), token.projectId().orElse(""), token.domainId().orElse(""), token.roles());
        return names.find(asked, () -> names(asked))
                .map(RecentAnswers.Answer::value)
                .filter(row -> token.projectId().isEmpty() || row.getString("project_name") != null)
                .filter(row -> token.domainId().isEmpty() || row.getString("domain_name") != null)
                .map(row -> JsonNodeFactory.instance.objectNode().set("token", token(token, row, withCatalog)));
    }

    private Optional<Row> names(Named asked) {
        return db
                .rows(NAMES, asked.userId(), asked.projectId(), asked.domainId(), (Object)
                        asked.roles().toArray(String[]::new))
                .stream()
                .findFirst();
    }

    private ObjectNode token(Token token, Row names, boolean withCatalog) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode methods = node.putArray("methods");
        token.methods().forEach(methods::add);
        node.set(
                "user",
                owned(
                                token.userId(),
                                names.getString("user_name"),
                                token.userDomainId(),
                                names.getString("user_domain"))
                        .put("password_expires_at", expires(names)));
        if (!OUR_METHODS.containsAll(token.methods())) {
            federation(token).ifPresent(said -> ((ObjectNode) node.get("user")).set("OS-FEDERATION", said));
        }
        ArrayNode auditIds = node.putArray("audit_ids");
        token.auditIds().forEach(auditIds::add);
        node.put("expires_at", Times.text(token.expiresAt()));
        node.put("issued_at", Times.text(token.issuedAt()));
        token.projectId().ifPresent(id -> {
            node.set(
                    "project",
                    owned(
                            id,
                            names.getString("project_name"),
                            token.projectDomainId().orElse(""),
                            names.getString("project_domain")));
            node.put("is_domain", false);
        });
        token.domainId()
                .ifPresent(id -> node.putObject("domain").put("id", id).put("name", names.getString("domain_name")));
        if (token.system()) {
            node.putObject("system").put("all", true);
        }
        if (token.projectId().isPresent() || token.domainId().isPresent() || token.system()) {
            roles(node.putArray("roles"), names);
            if (withCatalog) {
                node.putRawValue("catalog", catalog.text(token.projectId(), token.userId()));
            }
        }
        if (token.applicationCredentialId().isPresent() || token.trustId().isPresent()) {
            Delegated by = new Delegated(token.applicationCredentialId(), token.trustId());
            delegations
                    .find(by, () -> Optional.of(delegation(by)))
                    .map(RecentAnswers.Answer::value)
                    .ifPresent(node::setAll);
        }
        return node;
    }

    private static @Nullable String expires(Row names) {
        OffsetDateTime at = names.getOffsetDateTime("expires");
        return at == null ? null : Times.text(at.toInstant());
    }

    /** Who vouched for the user, and the groups that the mapping gave him; empty for a user who was mapped to. */
    private Optional<ObjectNode> federation(Token token) {
        return db.rows(FEDERATION, token.userId(), token.methods().toArray(String[]::new)).stream()
                .findFirst()
                .map(row -> {
                    ObjectNode node = JsonNodeFactory.instance.objectNode();
                    node.putObject("identity_provider").put("id", row.getString("idp_id"));
                    node.putObject("protocol").put("id", row.getString("protocol_id"));
                    ArrayNode groups = node.putArray("groups");
                    for (String group : row.getArrayOfStrings("groups")) {
                        groups.addObject().put("id", group);
                    }
                    return node;
                });
    }

    private static void roles(ArrayNode roles, Row names) {
        String[] ids = names.getArrayOfStrings("role_ids");
        String[] texts = names.getArrayOfStrings("role_names");
        for (int i = 0; i < ids.length; i++) {
            roles.addObject().put("id", ids[i]).put("name", texts[i]);
        }
    }

    private ObjectNode delegation(Delegated by) {
        return db.read(tx -> {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            by.applicationCredentialId()
                    .flatMap(id -> tx.find(ApplicationCredentialRow.class, id))
                    .ifPresent(row -> credential(tx, row, node.putObject("application_credential")));
            by.trustId().flatMap(id -> tx.find(TrustRow.class, id)).ifPresent(row -> {
                ObjectNode trust = node.putObject("OS-TRUST:trust");
                trust.put("id", row.id).put("impersonation", row.impersonation);
                trust.putObject("trustor_user").put("id", row.trustorUserId);
                trust.putObject("trustee_user").put("id", row.trusteeUserId);
            });
            return node;
        });
    }

    private void credential(Transaction tx, ApplicationCredentialRow row, ObjectNode node) {
        node.put("id", row.id).put("name", row.name).put("restricted", !row.unrestricted);
        List<AccessRuleRow> rules = accessRules.ofCredential(tx, row.id);
        if (!rules.isEmpty()) {
            node.set("access_rules", AccessRuleView.of(rules));
        }
    }

    private static ObjectNode owned(String id, @Nullable String name, String domainId, @Nullable String domainName) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", id).put("name", name);
        node.putObject("domain").put("id", domainId).put("name", domainName);
        return node;
    }
}
