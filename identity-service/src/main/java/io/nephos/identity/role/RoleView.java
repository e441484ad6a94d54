package io.nephos.identity.role;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/** The wire JSON of a role. */
@ApplicationScoped
public class RoleView {
    private final Links links;
    private final RoleStore store;

    @Inject
    public RoleView(Links links, RoleStore store) {
        this.links = links;
        this.store = store;
    }

    public ObjectNode of(RoleRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name);
        node.put("domain_id", row.global() ? null : row.domainId);
        node.put("description", row.description);
        node.set("options", Attributes.object(row.options));
        node.set("links", links.self("roles/" + row.id));
        return node;
    }

    /** As it stands in an inference rule. */
    public ObjectNode brief(RoleRow row) {
        ObjectNode node = Attributes.object("{}");
        node.put("id", row.id).put("name", row.name);
        node.set("links", links.self("roles/" + row.id));
        return node;
    }

    /** What a role implies directly. */
    ObjectNode inference(Transaction tx, RoleRow prior, Set<String> implied) {
        ObjectNode node = Attributes.object("{}");
        node.set("prior_role", brief(prior));
        ArrayNode all = node.putArray("implies");
        store.all(tx, implied).forEach(role -> all.add(brief(role)));
        return node;
    }
}
