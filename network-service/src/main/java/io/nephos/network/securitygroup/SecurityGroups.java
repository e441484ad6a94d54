package io.nephos.network.securitygroup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Noun;
import io.nephos.network.api.Stamp;
import io.nephos.network.fabric.Scope;
import io.nephos.network.quota.Quotas;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Security groups; each project gets its "default" one when it first needs it. */
@ApplicationScoped
public class SecurityGroups implements Noun<SecurityGroupRow> {
    private static final String DEFAULT = "default";
    private static final Set<String> SETTABLE = Set.of("name", "description", "stateful", "project_id", "tenant_id");

    private final Access access;
    private final Quotas quotas;

    @Inject
    public SecurityGroups(Access access, Quotas quotas) {
        this.access = access;
        this.quotas = quotas;
    }

    @Override
    public SecurityGroupRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(SecurityGroupRow.class, id)
                .filter(row -> access.allows("get_security_group", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    /** The one of that id, or the caller's one of that name; 409 when several have it. */
    public SecurityGroupRow named(Transaction tx, Caller caller, String text) {
        if (text.equals(DEFAULT)) {
            return ensureDefault(tx, caller.project());
        }
        if (Fields.isUuid(text)) {
            return visible(tx, caller, text);
        }
        List<SecurityGroupRow> found = tx.list(
                SecurityGroupRow.class,
                "from SecurityGroupRow r where r.projectId = :project and r.name = :name",
                Map.of("project", caller.project(), "name", text));
        if (found.size() > 1) {
            throw Fault.conflict(
                    "NoUniqueMatch",
                    "Multiple security groups found matching '" + text + "'. Use an ID to be more specific.");
        }
        return found.stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("SecurityGroupNotFound", "Security group " + text + " not found."));
    }

    public static FaultException notFound(String id) {
        return Fault.notFound("SecurityGroupNotFound", "Security group " + id + " does not exist");
    }

    /** The project's default group: all may go out, and what comes in is from the group itself. */
    public SecurityGroupRow ensureDefault(Transaction tx, String project) {
        String hql = "from SecurityGroupRow r where r.projectId = :project and r.isDefault = true";
        Map<String, String> parameters = Map.of("project", project);
        return tx.first(SecurityGroupRow.class, hql, parameters).orElseGet(() -> {
            tx.serialize("default-group/" + project);
            return tx.first(SecurityGroupRow.class, hql, parameters).orElseGet(() -> {
                SecurityGroupRow group = insert(tx, project, DEFAULT, "Default security group", true, true);
                for (String ethertype : List.of("IPv4", "IPv6")) {
                    SecurityGroupRuleRow rule = SecurityGroupRules.row(group, "ingress", ethertype);
                    rule.remoteGroupId = group.id;
                    tx.insert(rule);
                }
                return group;
            });
        });
    }

    private static SecurityGroupRow insert(
            Transaction tx, String project, String name, String description, boolean stateful, boolean isDefault) {
        SecurityGroupRow group = new SecurityGroupRow();
        group.id = UUID.randomUUID().toString();
        group.projectId = project;
        group.name = name;
        group.description = description;
        group.stateful = stateful;
        group.isDefault = isDefault;
        group.createdAt = Stamp.now();
        group.updatedAt = group.createdAt;
        tx.insert(group);
        for (String ethertype : List.of("IPv4", "IPv6")) {
            tx.insert(SecurityGroupRules.row(group, "egress", ethertype));
        }
        Scope.securityGroup(group.id).wake(tx);
        return group;
    }

    @Override
    public SecurityGroupRow create(Transaction tx, Caller caller, Fields body) {
        Attributes.only(body, SETTABLE);
        String project = access.owner(caller, body);
        access.require("create_security_group", caller, project);
        String name = body.optionalText("name", 0, 255).orElse("");
        ensureDefault(tx, project);
        if (name.equalsIgnoreCase(DEFAULT)) {
            throw Fault.conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
        }
        quotas.take(tx, project, Quotas.SECURITY_GROUP, 1);
        quotas.take(tx, project, Quotas.SECURITY_GROUP_RULE, 2);
        return insert(
                tx,
                project,
                name,
                body.optionalText("description", 0, 255).orElse(""),
                body.flag("stateful", true),
                false);
    }

    SecurityGroupRow update(Transaction tx, Caller caller, String id, Fields body) {
        SecurityGroupRow row = visible(tx, caller, id);
        Attributes.only(body, Set.of("name", "description", "stateful"));
        access.require("update_security_group", caller, row.projectId);
        body.optionalText("name", 0, 255).ifPresent(name -> {
            if (row.isDefault && !name.equals(row.name)) {
                throw Fault.conflict(
                        "SecurityGroupCannotUpdateDefault",
                        "Updating the name of a default security group is not allowed.");
            }
            if (!row.isDefault && name.equalsIgnoreCase(DEFAULT)) {
                throw Fault.conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
            }
            row.name = name;
        });
        body.optionalText("description", 0, 255).ifPresent(text -> row.description = text);
        body.optionalFlag("stateful").ifPresent(stateful -> {
            if (stateful != row.stateful && inUse(tx, id)) {
                throw Fault.conflict("SecurityGroupInUse", "Security Group " + id + " in use.");
            }
            row.stateful = stateful;
        });
        row.updatedAt = Stamp.now();
        tx.update(row);
        Scope.securityGroup(id).wake(tx);
        return row;
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        SecurityGroupRow row = visible(tx, caller, id);
        access.require("delete_security_group", caller, row.projectId);
        if (row.isDefault && !access.admin(caller)) {
            throw Fault.conflict(
                    "SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.");
        }
        if (inUse(tx, id)) {
            throw Fault.conflict("SecurityGroupInUse", "Security Group " + id + " in use.");
        }
        List<SecurityGroupRuleRow> pointing = tx.list(
                SecurityGroupRuleRow.class,
                "from SecurityGroupRuleRow r where r.remoteGroupId = :group",
                Map.of("group", id));
        pointing.stream()
                .map(rule -> rule.groupId)
                .distinct()
                .forEach(group -> Scope.securityGroup(group).wake(tx));
        tx.execute(
                "delete from SecurityGroupRuleRow r where r.groupId = :group or r.remoteGroupId = :group",
                Map.of("group", id));
        tx.delete(row);
        Scope.securityGroup(id).wake(tx);
    }

    private static boolean inUse(Transaction tx, String id) {
        return tx.count("select count(*) from PortGroupRow r where r.groupId = :group", Map.of("group", id)) > 0;
    }

    List<SecurityGroupRuleRow> rules(Transaction tx, List<String> groups) {
        return groups.isEmpty()
                ? List.of()
                : tx.list(
                        SecurityGroupRuleRow.class,
                        "from SecurityGroupRuleRow r where r.groupId in (:groups) order by r.createdAt, r.id",
                        Map.of("groups", groups));
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<SecurityGroupRow> rows) {
        Map<String, List<SecurityGroupRuleRow>> rules = rules(
                        tx, rows.stream().map(row -> row.id).toList())
                .stream()
                .collect(Collectors.groupingBy(rule -> rule.groupId));
        return rows.stream()
                .map(row -> SecurityGroupView.of(row, rules.getOrDefault(row.id, List.of())))
                .toList();
    }
}
