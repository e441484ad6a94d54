package io.nephos.identity.revocation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.contracts.events.v1.RevocationEvent;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;

/** A revocation, kept until every token it could match has expired. Empty columns match everything. */
@Entity
@Table(name = "revocation")
public class RevocationRow {
    @Id
    public String id;

    public String auditId;
    public String auditChainId;
    public String userId;
    public String projectId;
    public String domainId;
    public String applicationCredentialId;
    public long issuedBeforeMs;
    public long expiresMs;

    /** An array of objects with the names of the columns. */
    static String json(List<RevocationEvent> events) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        events.forEach(event -> array.addObject()
                .put("id", event.getId())
                .put("audit_id", event.getAuditId())
                .put("audit_chain_id", event.getAuditChainId())
                .put("user_id", event.getUserId())
                .put("project_id", event.getProjectId())
                .put("domain_id", event.getDomainId())
                .put("application_credential_id", event.getApplicationCredentialId())
                .put("issued_before_ms", event.getIssuedBeforeMs())
                .put("expires_ms", event.getExpiresMs()));
        return array.toString();
    }

    RevocationEvent event() {
        return RevocationEvent.newBuilder()
                .setId(id)
                .setAuditId(auditId)
                .setAuditChainId(auditChainId)
                .setUserId(userId)
                .setProjectId(projectId)
                .setDomainId(domainId)
                .setApplicationCredentialId(applicationCredentialId)
                .setIssuedBeforeMs(issuedBeforeMs)
                .setExpiresMs(expiresMs)
                .build();
    }
}
