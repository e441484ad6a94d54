package io.nephos.identity.endpointfilter;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "project_endpoint_group")
public class ProjectEndpointGroupRow {
    @Id
    public String id;

    public String projectId;
    public String endpointGroupId;

    static String key(String projectId, String endpointGroupId) {
        return projectId + "/" + endpointGroupId;
    }
}
