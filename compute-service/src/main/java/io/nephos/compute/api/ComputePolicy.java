package io.nephos.compute.api;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nova's rule names with its secure-RBAC defaults: admin everything, member of the project writes, reader reads. */
@ApplicationScoped
public class ComputePolicy implements PolicyDefaults {
    private static final String ADMIN = "role:admin";
    private static final String MEMBER = "rule:admin_api or (role:member and project_id:%(project_id)s)";
    private static final String READER = "rule:admin_api or (role:reader and project_id:%(project_id)s)";
    private static final String OWN_USER = "rule:admin_api or user_id:%(user_id)s";

    private static final List<String> ADMIN_RULES = List.of(
            "servers:create:forced_host",
            "servers:create:requested_destination",
            "servers:index:get_all_tenants",
            "servers:detail:get_all_tenants",
            "servers:allow_all_filters",
            "servers:show:host_status",
            "os-extended-server-attributes",
            "os-lock-server:unlock:unlock_override",
            "os-admin-actions:reset_state",
            "os-instance-actions:events",
            "os-instance-actions:events:details",
            "os-flavor-manage:create",
            "os-flavor-manage:update",
            "os-flavor-manage:delete",
            "os-flavor-access:add_tenant_access",
            "os-flavor-access:remove_tenant_access",
            "os-flavor-access",
            "os-flavor-extra-specs:create",
            "os-flavor-extra-specs:update",
            "os-flavor-extra-specs:delete",
            "os-quota-sets:update",
            "os-quota-sets:delete",
            "os-quota-class-sets:show",
            "os-quota-class-sets:update",
            "os-availability-zone:detail",
            "os-services:list",
            "os-services:update",
            "os-services:delete",
            "os-aggregates:index",
            "os-aggregates:show",
            "os-aggregates:create",
            "os-aggregates:update",
            "os-aggregates:delete",
            "os-aggregates:add_host",
            "os-aggregates:remove_host",
            "os-aggregates:set_metadata",
            "os-hypervisors:list",
            "os-hypervisors:list-detail",
            "os-hypervisors:show",
            "os-hypervisors:statistics",
            "os-hypervisors:search",
            "os-hypervisors:servers",
            "os-hypervisors:uptime",
            "limits:other_project",
            "os-server-groups:index:all_projects");

    private static final List<String> MEMBER_RULES = List.of(
            "servers:create",
            "servers:create:attach_network",
            "servers:create:attach_volume",
            "servers:create_image",
            "servers:update",
            "servers:delete",
            "servers:start",
            "servers:stop",
            "servers:reboot",
            "os-lock-server:lock",
            "os-lock-server:unlock",
            "os-pause-server:pause",
            "os-pause-server:unpause",
            "os-console-output",
            "os-security-groups:add",
            "os-security-groups:remove",
            "os-security-groups:create",
            "os-security-groups:update",
            "os-security-groups:delete",
            "os-security-groups:rule:create",
            "os-security-groups:rule:delete",
            "server-metadata:create",
            "server-metadata:update",
            "server-metadata:update_all",
            "server-metadata:delete",
            "os-server-tags:update",
            "os-server-tags:update_all",
            "os-server-tags:delete",
            "os-server-tags:delete_all",
            "os-attach-interfaces:create",
            "os-attach-interfaces:delete",
            "os-volumes-attachments:create",
            "os-volumes-attachments:delete",
            "os-server-groups:create",
            "os-server-groups:delete");

    private static final List<String> READER_RULES = List.of(
            "servers:index",
            "servers:detail",
            "servers:show",
            "servers:show:flavor-extra-specs",
            "ips:index",
            "ips:show",
            "server-metadata:index",
            "server-metadata:show",
            "os-server-tags:index",
            "os-server-tags:show",
            "os-attach-interfaces:list",
            "os-attach-interfaces:show",
            "os-volumes-attachments:index",
            "os-volumes-attachments:show",
            "os-instance-actions:list",
            "os-instance-actions:show",
            "os-security-groups:get",
            "os-security-groups:show",
            "os-security-groups:list",
            "os-flavor-extra-specs:index",
            "os-flavor-extra-specs:show",
            "os-server-groups:index",
            "os-server-groups:show",
            "os-quota-sets:show",
            "os-quota-sets:detail");

    private static final List<String> USER_RULES =
            List.of("os-keypairs:index", "os-keypairs:show", "os-keypairs:create", "os-keypairs:delete");

    private static final List<String> OPEN_RULES =
            List.of("limits", "os-quota-sets:defaults", "os-availability-zone:list", "flavors");

    @Override
    public Map<String, String> rules() {
        Map<String, String> all = new HashMap<>();
        all.put("admin_api", ADMIN);
        all.put("context_is_admin", ADMIN);
        all.put("project_member_or_admin", MEMBER);
        all.put("project_reader_or_admin", READER);
        ADMIN_RULES.forEach(name -> all.put("os_compute_api:" + name, "rule:admin_api"));
        MEMBER_RULES.forEach(name -> all.put("os_compute_api:" + name, MEMBER));
        READER_RULES.forEach(name -> all.put("os_compute_api:" + name, READER));
        USER_RULES.forEach(name -> all.put("os_compute_api:" + name, OWN_USER));
        OPEN_RULES.forEach(name -> all.put("os_compute_api:" + name, "@"));
        return Map.copyOf(all);
    }
}
