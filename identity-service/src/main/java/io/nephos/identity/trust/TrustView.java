package io.nephos.identity.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.role.RoleView;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** The wire JSON of a trust; in lists without its roles. */
@ApplicationScoped
public class TrustView {
    private final Links links;
    private final RoleStore roleStore;
    private final RoleView roleView;

    @Inject
    public TrustView(Links links, RoleStore roleStore, RoleView roleView) {
        this.links = links;
        this.roleStore = roleStore;
        this.roleView = roleView;
    }

    ObjectNode summary(TrustRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("trustor_user_id", row.trustorUserId).put("trustee_user_id", row.trusteeUserId);
        node.put("project_id", row.projectId).put("impersonation", row.impersonation);
        node.put("expires_at", row.expiresAt == null ? null : Times.text(row.expiresAt));
        node.put("deleted_at", (String) null).put("remaining_uses", row.remainingUses);
        node.put("redelegation_count", row.redelegationCount).put("redelegated_trust_id", row.redelegatedFrom);
        node.set("links", links.self("OS-TRUST/trusts/" + row.id));
        return node;
    }

    ObjectNode full(Transaction tx, TrustRow row) {
        ObjectNode node = summary(row);
        node.putArray("roles").addAll(roles(tx, row));
        ObjectNode pages = node.putObject("roles_links");
        pages.put("self", links.to("OS-TRUST/trusts/" + row.id + "/roles"));
        pages.put("next", (String) null).put("previous", (String) null);
        return node;
    }

    List<ObjectNode> roles(Transaction tx, TrustRow row) {
        return roleStore.all(tx, Attributes.texts(row.roles)).stream()
                .map(roleView::of)
                .toList();
    }
}
