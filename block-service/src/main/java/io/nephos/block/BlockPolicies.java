package io.nephos.block;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cinder's rules by its names: administrators everything, members write, readers read what is their project's. */
@ApplicationScoped
public class BlockPolicies implements PolicyDefaults {
    private static final String ADMIN = "role:admin";
    private static final String WRITES = "role:admin or (role:member and project_id:%(project_id)s)";
    private static final String READS = "role:admin or (role:reader and project_id:%(project_id)s)";
    private static final String SERVICE = "role:admin or role:service";

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("context_is_admin", ADMIN);
        put(
                rules,
                READS,
                "volume:get",
                "volume:get_all",
                "volume:get_volume_metadata",
                "volume:availability_zone_list",
                "volume_extension:type_get",
                "volume_extension:type_get_all",
                "volume_extension:types_extra_specs:index",
                "volume_extension:types_extra_specs:show",
                "volume_extension:quotas:show",
                "volume_extension:volume_tenant_attribute",
                "limits_extension:used_limits");
        put(
                rules,
                WRITES,
                "volume:create",
                "volume:create_from_image",
                "volume:update",
                "volume:delete",
                "volume:extend",
                "volume:retype",
                "volume:update_readonly_flag",
                "volume:create_volume_metadata",
                "volume:update_volume_metadata",
                "volume:delete_volume_metadata",
                "volume_extension:volume_actions:reserve",
                "volume_extension:volume_actions:unreserve",
                "volume_extension:volume_actions:begin_detaching",
                "volume_extension:volume_actions:roll_detaching",
                "volume_extension:volume_actions:attach",
                "volume_extension:volume_actions:detach");
        put(
                rules,
                ADMIN,
                "volume_extension:volume_admin_actions:reset_status",
                "volume_extension:volume_admin_actions:force_delete",
                "volume_extension:volume_admin_actions:force_detach",
                "volume_extension:volume_host_attribute",
                "volume_extension:volume_mig_status_attribute",
                "volume_extension:type_create",
                "volume_extension:type_update",
                "volume_extension:type_delete",
                "volume_extension:types_extra_specs:create",
                "volume_extension:types_extra_specs:update",
                "volume_extension:types_extra_specs:delete",
                "volume_extension:types_extra_specs:read_sensitive",
                "volume_extension:volume_type_access:get_all_for_type",
                "volume_extension:volume_type_access:addProjectAccess",
                "volume_extension:volume_type_access:removeProjectAccess",
                "volume_extension:quotas:update",
                "volume_extension:quotas:delete",
                "volume_extension:services:index",
                "scheduler_extension:scheduler_stats:get_pools");
        // What compute attached only a service, or an administrator, may take away by hand.
        put(rules, SERVICE, "volume_extension:volume_actions:detach_exported");
        return rules;
    }

    private static void put(Map<String, String> rules, String check, String... names) {
        List.of(names).forEach(name -> rules.put(name, check));
    }
}
