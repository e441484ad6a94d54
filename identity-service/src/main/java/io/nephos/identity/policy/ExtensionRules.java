package io.nephos.identity.policy;

import java.util.Map;

/** Keystone's rules for what grew around users, projects and roles: credentials, limits, endpoint filters, configurations. */
final class ExtensionRules {
    private static final String ADMIN = "rule:admin_required";
    private static final String READ = "rule:admin_required or rule:system_reader";
    private static final String SERVICE = "rule:admin_required or rule:service_role";

    private ExtensionRules() {}

    static void add(Map<String, String> rules) {
        credentials(rules);
        endpointFilters(rules);
        limits(rules);
        rules.put("identity:create_domain_config", ADMIN);
        rules.put("identity:get_domain_config", READ);
        rules.put("identity:get_security_compliance_domain_config", "");
        rules.put("identity:update_domain_config", ADMIN);
        rules.put("identity:delete_domain_config", ADMIN);
        rules.put("identity:get_domain_config_default", READ);
        rules.put("identity:list_revoke_events", SERVICE);
        rules.put("identity:revoke_user_tokens", ADMIN + " or rule:owner");
    }

    private static void credentials(Map<String, String> rules) {
        rules.put("identity:get_credential", READ + " or rule:owner");
        rules.put("identity:list_credentials", READ + " or rule:owner");
        rules.put("identity:create_credential", ADMIN + " or rule:owner");
        rules.put("identity:update_credential", ADMIN + " or rule:owner");
        rules.put("identity:delete_credential", ADMIN + " or rule:owner");
        rules.put("identity:ec2_get_credential", READ + " or rule:owner");
        rules.put("identity:ec2_list_credentials", ADMIN + " or (role:member and rule:owner)");
        rules.put("identity:ec2_create_credential", ADMIN + " or (role:member and rule:owner)");
        rules.put("identity:ec2_delete_credential", ADMIN + " or rule:owner");
        rules.put("identity:ec2tokens_validate", SERVICE);
        rules.put("identity:s3tokens_validate", SERVICE);
    }

    private static void endpointFilters(Map<String, String> rules) {
        for (String name : new String[] {
            "list_projects_for_endpoint",
            "check_endpoint_in_project",
            "list_endpoints_for_project",
            "list_endpoint_groups",
            "get_endpoint_group",
            "list_projects_associated_with_endpoint_group",
            "list_endpoints_associated_with_endpoint_group",
            "get_endpoint_group_in_project",
            "list_endpoint_groups_for_project"
        }) {
            rules.put("identity:" + name, READ);
        }
        for (String name : new String[] {
            "add_endpoint_to_project",
            "remove_endpoint_from_project",
            "create_endpoint_group",
            "update_endpoint_group",
            "delete_endpoint_group",
            "add_endpoint_group_to_project",
            "remove_endpoint_group_from_project"
        }) {
            rules.put("identity:" + name, ADMIN);
        }
    }

    private static void limits(Map<String, String> rules) {
        rules.put("identity:get_limit_model", "");
        rules.put("identity:list_limits", "");
        rules.put("identity:get_limit", READ + " or domain_id:%(domain_id)s or project_id:%(project_id)s");
        rules.put("identity:get_registered_limit", "");
        rules.put("identity:list_registered_limits", "");
        for (String verb : new String[] {"create", "update", "delete"}) {
            String plural = verb.equals("create") ? "s" : "";
            rules.put("identity:" + verb + "_limit" + plural, ADMIN);
            rules.put("identity:" + verb + "_registered_limit" + plural, ADMIN);
        }
    }
}
