package io.nephos.identity.endpointfilter;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "project_endpoint")
public class ProjectEndpointRow {
    @Id
    public String id;

    public String projectId;
    public String endpointId;

    static String key(String projectId, String endpointId) {
        return projectId + "/" + endpointId;
    }
}
