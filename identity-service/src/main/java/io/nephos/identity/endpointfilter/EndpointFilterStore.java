package io.nephos.identity.endpointfilter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.catalog.EndpointRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Associations of projects with endpoints and endpoint groups. */
@ApplicationScoped
public class EndpointFilterStore {
    EndpointGroupRow requireGroup(Transaction tx, String id) {
        return tx.find(EndpointGroupRow.class, id).orElseThrow(() -> Faults.notFound("Endpoint Group", id));
    }

    /** The endpoints that the group's filters mean. */
    List<EndpointRow> ofGroup(Transaction tx, EndpointGroupRow group) {
        ObjectNode filters = Attributes.object(group.filters);
        return Selection.of(EndpointRow.class)
                .where("serviceId", text(filters, "service_id"))
                .where("regionId", text(filters, "region_id"))
                .where("face", text(filters, "interface"))
                .list(tx);
    }

    List<EndpointGroupRow> groupsOf(Transaction tx, String projectId) {
        return tx.list(
                EndpointGroupRow.class,
                "from EndpointGroupRow where id in"
                        + " (select endpointGroupId from ProjectEndpointGroupRow where projectId = :project) order by id",
                Map.of("project", projectId));
    }

    /** All that a project is confined to, those of its groups included; none means that it is not confined. */
    public Collection<EndpointRow> endpointsOf(Transaction tx, String projectId) {
        Map<String, EndpointRow> all = new LinkedHashMap<>();
        tx.list(
                        EndpointRow.class,
                        "from EndpointRow where id in"
                                + " (select endpointId from ProjectEndpointRow where projectId = :project) order by id",
                        Map.of("project", projectId))
                .forEach(row -> all.put(row.id, row));
        groupsOf(tx, projectId).forEach(group -> ofGroup(tx, group).forEach(row -> all.putIfAbsent(row.id, row)));
        return all.values();
    }

    /** Whether any project is confined at all. */
    public boolean any(Transaction tx) {
        return tx.first(ProjectEndpointRow.class, "from ProjectEndpointRow", Map.of())
                        .isPresent()
                || tx.first(ProjectEndpointGroupRow.class, "from ProjectEndpointGroupRow", Map.of())
                        .isPresent();
    }

    List<ProjectRow> projectsOfEndpoint(Transaction tx, String endpointId) {
        return tx.list(
                ProjectRow.class,
                "from ProjectRow where id in"
                        + " (select projectId from ProjectEndpointRow where endpointId = :endpoint) order by id",
                Map.of("endpoint", endpointId));
    }

    List<ProjectRow> projectsOfGroup(Transaction tx, String groupId) {
        return tx.list(
                ProjectRow.class,
                "from ProjectRow where id in"
                        + " (select projectId from ProjectEndpointGroupRow where endpointGroupId = :group) order by id",
                Map.of("group", groupId));
    }

    boolean hasEndpoint(Transaction tx, String projectId, String endpointId) {
        return tx.find(ProjectEndpointRow.class, ProjectEndpointRow.key(projectId, endpointId))
                .isPresent();
    }

    void addEndpoint(Transaction tx, String projectId, String endpointId) {
        tx.executeNative(
                "insert into project_endpoint (id, project_id, endpoint_id) values (:id, :project, :endpoint)"
                        + " on conflict do nothing",
                Map.of(
                        "id", ProjectEndpointRow.key(projectId, endpointId),
                        "project", projectId,
                        "endpoint", endpointId));
    }

    boolean removeEndpoint(Transaction tx, String projectId, String endpointId) {
        return tx.execute(
                        "delete from ProjectEndpointRow where id = :id",
                        Map.of("id", ProjectEndpointRow.key(projectId, endpointId)))
                > 0;
    }

    boolean hasGroup(Transaction tx, String projectId, String groupId) {
        return tx.find(ProjectEndpointGroupRow.class, ProjectEndpointGroupRow.key(projectId, groupId))
                .isPresent();
    }

    void addGroup(Transaction tx, String projectId, String groupId) {
        ProjectEndpointGroupRow row = new ProjectEndpointGroupRow();
        row.id = ProjectEndpointGroupRow.key(projectId, groupId);
        row.projectId = projectId;
        row.endpointGroupId = groupId;
        tx.insert(row);
    }

    boolean removeGroup(Transaction tx, String projectId, String groupId) {
        return tx.execute(
                        "delete from ProjectEndpointGroupRow where id = :id",
                        Map.of("id", ProjectEndpointGroupRow.key(projectId, groupId)))
                > 0;
    }

    private static @Nullable String text(ObjectNode filters, String name) {
        return filters.hasNonNull(name) ? filters.get(name).asText() : null;
    }
}
