package io.nephos.identity.revocation;

import io.nephos.contracts.events.v1.RevocationEvent;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

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

    static RevocationRow of(RevocationEvent event) {
        RevocationRow row = new RevocationRow();
        row.id = event.getId();
        row.auditId = event.getAuditId();
        row.auditChainId = event.getAuditChainId();
        row.userId = event.getUserId();
        row.projectId = event.getProjectId();
        row.domainId = event.getDomainId();
        row.applicationCredentialId = event.getApplicationCredentialId();
        row.issuedBeforeMs = event.getIssuedBeforeMs();
        row.expiresMs = event.getExpiresMs();
        return row;
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
