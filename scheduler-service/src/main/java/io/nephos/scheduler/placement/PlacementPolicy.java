package io.nephos.scheduler.placement;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Placement's rules: for administrators and services; a project's reader may see the project's usage. */
@ApplicationScoped
public class PlacementPolicy implements PolicyDefaults {
    private static final List<String> RULES = List.of(
            "placement:resource_providers:list",
            "placement:resource_providers:create",
            "placement:resource_providers:show",
            "placement:resource_providers:update",
            "placement:resource_providers:delete",
            "placement:resource_classes:list",
            "placement:resource_classes:create",
            "placement:resource_classes:show",
            "placement:resource_classes:update",
            "placement:resource_classes:delete",
            "placement:resource_providers:inventories:list",
            "placement:resource_providers:inventories:create",
            "placement:resource_providers:inventories:show",
            "placement:resource_providers:inventories:update",
            "placement:resource_providers:inventories:delete",
            "placement:resource_providers:aggregates:list",
            "placement:resource_providers:aggregates:update",
            "placement:resource_providers:usages",
            "placement:traits:list",
            "placement:traits:show",
            "placement:traits:update",
            "placement:traits:delete",
            "placement:resource_providers:traits:list",
            "placement:resource_providers:traits:update",
            "placement:resource_providers:traits:delete",
            "placement:allocations:manage",
            "placement:allocations:list",
            "placement:allocations:update",
            "placement:allocations:delete",
            "placement:resource_providers:allocations:list",
            "placement:allocation_candidates:list",
            "placement:reshaper:reshape");

    /** Our own: the optimizer's plans, of which only administrators know. */
    private static final List<String> PLANS = List.of("list", "show", "create", "approve", "apply", "delete");

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new HashMap<>();
        rules.put("admin_or_service_api", "role:admin or role:service");
        rules.put(
                "admin_or_service_or_project_reader_api",
                "rule:admin_or_service_api or (role:reader and project_id:%(project_id)s)");
        RULES.forEach(rule -> rules.put(rule, "rule:admin_or_service_api"));
        rules.put("nephos:scheduler:dry_run", "role:admin");
        rules.put("placement:usages", "rule:admin_or_service_or_project_reader_api");
        PLANS.forEach(rule -> rules.put("nephos:optimizer:plans:" + rule, "role:admin"));
        return rules;
    }
}
