package io.nephos.identity.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.catalog.CatalogStore;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.trust.TrustRow;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** The body that explains a token: names for its ids, and the catalog. */
@ApplicationScoped
public class TokenView {
    private final UserStore users;
    private final ProjectStore projects;
    private final RoleStore roles;
    private final CatalogStore catalog;

    @Inject
    public TokenView(UserStore users, ProjectStore projects, RoleStore roles, CatalogStore catalog) {
        this.users = users;
        this.projects = projects;
        this.roles = roles;
        this.catalog = catalog;
    }

    /** {@code {"token": {...}}}; empty when what the token is about is gone. */
    Optional<ObjectNode> body(Transaction tx, Token token, boolean withCatalog) {
        Optional<UserRow> user = users.find(tx, token.userId());
        Optional<ProjectRow> project = token.projectId().flatMap(id -> projects.find(tx, id));
        Optional<ProjectRow> domain = token.domainId().flatMap(id -> projects.findDomain(tx, id));
        if (user.isEmpty()
                || project.isPresent() != token.projectId().isPresent()
                || domain.isPresent() != token.domainId().isPresent()) {
            return Optional.empty();
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode methods = node.putArray("methods");
        token.methods().forEach(methods::add);
        node.set("user", user(tx, user.get()));
        ArrayNode auditIds = node.putArray("audit_ids");
        token.auditIds().forEach(auditIds::add);
        node.put("expires_at", Times.text(token.expiresAt()));
        node.put("issued_at", Times.text(token.issuedAt()));
        project.ifPresent(row -> {
            node.set("project", owned(tx, row.id, row.name, row.domainId));
            node.put("is_domain", row.isDomain);
        });
        domain.ifPresent(row -> node.putObject("domain").put("id", row.id).put("name", row.name));
        if (token.system()) {
            node.putObject("system").put("all", true);
        }
        if (project.isPresent() || domain.isPresent() || token.system()) {
            ArrayNode names = node.putArray("roles");
            roles.byNames(tx, token.roles())
                    .forEach(role -> names.addObject().put("id", role.id).put("name", role.name));
            if (withCatalog) {
                node.set("catalog", catalog.catalog(tx, token.projectId(), token.userId()));
            }
        }
        delegation(tx, token, node);
        return Optional.of(JsonNodeFactory.instance.objectNode().set("token", node));
    }

    private static void delegation(Transaction tx, Token token, ObjectNode node) {
        token.applicationCredentialId()
                .flatMap(id -> tx.find(ApplicationCredentialRow.class, id))
                .ifPresent(row -> node.putObject("application_credential")
                        .put("id", row.id)
                        .put("name", row.name)
                        .put("restricted", !row.unrestricted));
        token.trustId().flatMap(id -> tx.find(TrustRow.class, id)).ifPresent(row -> {
            ObjectNode trust = node.putObject("OS-TRUST:trust");
            trust.put("id", row.id).put("impersonation", row.impersonation);
            trust.putObject("trustor_user").put("id", row.trustorUserId);
            trust.putObject("trustee_user").put("id", row.trusteeUserId);
        });
    }

    private ObjectNode user(Transaction tx, UserRow row) {
        return owned(tx, row.id, row.name, row.domainId).put("password_expires_at", (String) null);
    }

    private ObjectNode owned(Transaction tx, String id, String name, String domainId) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("id", id).put("name", name);
        ObjectNode domain = node.putObject("domain").put("id", domainId);
        projects.findDomain(tx, domainId).ifPresent(row -> domain.put("name", row.name));
        return node;
    }
}
