package io.nephos.identity.revocation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** GET /v3/OS-REVOKE/events: the revocations that can still meet a token, for services and admins. */
@Path("/v3/OS-REVOKE/events")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RevocationResource {
    private final Database db;
    private final Access access;
    private final Links links;

    @Inject
    public RevocationResource(Database db, Access access, Links links) {
        this.db = db;
        this.access = access;
        this.links = links;
    }

    /** Those of a single application credential are left out: Keystone's events have no word for them. */
    @GET
    public ObjectNode list(@QueryParam("since") @Nullable String since) {
        access.require("identity:list_revoke_events");
        long after = Optional.ofNullable(since)
                .filter(text -> !text.isEmpty())
                // A "+" of the offset is a blank after decoding.
                .map(text -> Times.parse(text.replace(' ', '+'))
                        .orElseThrow(() -> Fault.badRequest("invalidate date format " + text)))
                .map(Instant::toEpochMilli)
                .orElse(0L);
        List<RevocationRow> rows = db.read(tx -> tx.list(
                RevocationRow.class,
                "from RevocationRow where issuedBeforeMs >= :after and expiresMs > :now"
                        + " and applicationCredentialId = '' order by issuedBeforeMs, id",
                Map.of("after", after, "now", System.currentTimeMillis())));
        return links.list("events", rows.stream().map(RevocationResource::view).toList());
    }

    private static ObjectNode view(RevocationRow row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "audit_id", row.auditId);
        // A trust's id heads the chain of its tokens.
        put(node, "OS-TRUST:trust_id", row.auditChainId);
        put(node, "user_id", row.userId);
        put(node, "project_id", row.projectId);
        put(node, "domain_id", row.domainId);
        String at = Times.text(Instant.ofEpochMilli(row.issuedBeforeMs));
        return node.put("issued_before", at).put("revoked_at", at);
    }

    private static void put(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }
}
