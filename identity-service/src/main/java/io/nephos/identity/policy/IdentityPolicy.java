package io.nephos.identity.policy;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/**
 * Keystone's rules. An admin's word counts everywhere unless his token is scoped to a domain: then it, like a manager's,
 * counts inside that domain. A system reader sees everything, a domain reader his domain, everyone himself.
 *
 * <p>Targets carry {@code domain_id} (that owns the resource), {@code user_id} and {@code project_id}.
 */
@ApplicationScoped
public class IdentityPolicy implements PolicyDefaults {
    private static final String ADMIN = "rule:admin_required";
    private static final String READ = "rule:admin_required or rule:system_reader";
    private static final String DOMAIN_READ = READ + " or rule:domain_reader";
    private static final String DOMAIN_WRITE = "rule:admin_required or rule:domain_manager";

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new HashMap<>();
        // "None" is what a token has that is not scoped to a domain.
        rules.put("admin_required", "role:admin and domain_id:None");
        rules.put("system_reader", "role:reader and system_scope:all");
        rules.put("domain_manager", "(role:admin or role:manager) and domain_id:%(domain_id)s");
        rules.put("domain_reader", "role:reader and domain_id:%(domain_id)s");
        rules.put("owner", "user_id:%(user_id)s");
        rules.put("service_role", "role:service");
        resources(rules);
        people(rules);
        grants(rules);
        credentials(rules);
        ExtensionRules.add(rules);
        federation(rules);
        return rules;
    }

    private static void resources(Map<String, String> rules) {
        for (String noun : new String[] {"region", "service", "endpoint"}) {
            boolean open = noun.equals("region");
            rules.put("identity:get_" + noun, open ? "" : READ);
            rules.put("identity:list_" + noun + "s", open ? "" : READ);
            rules.put("identity:create_" + noun, ADMIN);
            rules.put("identity:update_" + noun, ADMIN);
            rules.put("identity:delete_" + noun, ADMIN);
        }
        rules.put("identity:get_domain", DOMAIN_READ + " or project_domain_id:%(domain_id)s");
        rules.put("identity:list_domains", DOMAIN_READ);
        rules.put("identity:create_domain", ADMIN);
        rules.put("identity:update_domain", ADMIN);
        rules.put("identity:delete_domain", ADMIN);
        rules.put("identity:get_project", DOMAIN_READ + " or project_id:%(project_id)s");
        rules.put("identity:list_projects", DOMAIN_READ);
        rules.put("identity:list_user_projects", DOMAIN_READ + " or rule:owner");
        rules.put("identity:create_project", DOMAIN_WRITE);
        rules.put("identity:update_project", DOMAIN_WRITE);
        rules.put("identity:delete_project", DOMAIN_WRITE);
        rules.put("identity:get_project_tag", DOMAIN_READ + " or project_id:%(project_id)s");
        rules.put("identity:list_project_tags", DOMAIN_READ + " or project_id:%(project_id)s");
        String tags = DOMAIN_WRITE + " or (role:admin and project_id:%(project_id)s)";
        rules.put("identity:create_project_tag", tags);
        rules.put("identity:update_project_tags", tags);
        rules.put("identity:delete_project_tag", tags);
        rules.put("identity:delete_project_tags", tags);
    }

    private static void people(Map<String, String> rules) {
        rules.put("identity:get_user", DOMAIN_READ + " or rule:owner");
        rules.put("identity:list_users", DOMAIN_READ);
        rules.put("identity:create_user", DOMAIN_WRITE);
        rules.put("identity:update_user", DOMAIN_WRITE);
        rules.put("identity:delete_user", DOMAIN_WRITE);
        rules.put("identity:get_group", DOMAIN_READ);
        rules.put("identity:list_groups", DOMAIN_READ);
        rules.put("identity:list_groups_for_user", DOMAIN_READ + " or rule:owner");
        rules.put("identity:create_group", DOMAIN_WRITE);
        rules.put("identity:update_group", DOMAIN_WRITE);
        rules.put("identity:delete_group", DOMAIN_WRITE);
        rules.put("identity:list_users_in_group", DOMAIN_READ);
        rules.put("member_in_domain", "domain_id:%(target.group.domain_id)s and domain_id:%(target.user.domain_id)s");
        rules.put("identity:check_user_in_group", READ + " or (role:reader and rule:member_in_domain)");
        String membership = ADMIN + " or ((role:admin or role:manager) and rule:member_in_domain)";
        rules.put("identity:add_user_to_group", membership);
        rules.put("identity:remove_user_from_group", membership);
    }

    private static void federation(Map<String, String> rules) {
        for (String noun : new String[] {"identity_provider", "protocol", "mapping"}) {
            rules.put("identity:get_" + noun, READ);
            rules.put("identity:list_" + noun + "s", READ);
            rules.put("identity:create_" + noun, ADMIN);
            rules.put("identity:update_" + noun, ADMIN);
            rules.put("identity:delete_" + noun, ADMIN);
        }
    }

    private static void grants(Map<String, String> rules) {
        rules.put("identity:get_role", READ + " or rule:domain_scoped_manager");
        rules.put("domain_scoped_manager", "role:manager and not domain_id:None");
        rules.put("identity:list_roles", READ + " or rule:domain_scoped_manager");
        rules.put("identity:create_role", ADMIN);
        rules.put("identity:update_role", ADMIN);
        rules.put("identity:delete_role", ADMIN);
        rules.put("identity:get_domain_role", DOMAIN_READ);
        rules.put("identity:list_domain_roles", DOMAIN_READ);
        rules.put("identity:create_domain_role", ADMIN);
        rules.put("identity:update_domain_role", ADMIN);
        rules.put("identity:delete_domain_role", ADMIN);
        for (String rule : new String[] {"get_implied_role", "list_implied_roles", "list_role_inference_rules"}) {
            rules.put("identity:" + rule, READ);
        }
        rules.put("identity:check_implied_role", READ);
        rules.put("identity:create_implied_role", ADMIN);
        rules.put("identity:delete_implied_role", ADMIN);
        // Who gets it, on what, and the role itself if it is not the whole cloud's: all of the caller's domain.
        rules.put(
                "grant_in_domain",
                "(domain_id:%(target.user.domain_id)s or domain_id:%(target.group.domain_id)s)"
                        + " and (domain_id:%(target.project.domain_id)s or domain_id:%(target.domain.id)s)");
        rules.put(
                "grant_of_role",
                "rule:grant_in_domain and (domain_id:%(target.role.domain_id)s or None:%(target.role.domain_id)s)");
        // What a manager may hand out: named, since of any other role nobody knows what it opens.
        rules.put(
                "domain_managed_target_role",
                "'manager':%(target.role.name)s or 'member':%(target.role.name)s or 'reader':%(target.role.name)s");
        rules.put("identity:check_grant", READ + " or (role:reader and rule:grant_of_role)");
        rules.put("identity:list_grants", READ + " or (role:reader and rule:grant_in_domain)");
        String give = ADMIN + " or (role:admin and rule:grant_of_role)"
                + " or (role:manager and rule:grant_of_role and rule:domain_managed_target_role)";
        rules.put("identity:create_grant", give);
        rules.put("identity:revoke_grant", give);
        for (String actor : new String[] {"user", "group"}) {
            rules.put("identity:list_system_grants_for_" + actor, READ);
            rules.put("identity:check_system_grant_for_" + actor, READ);
            rules.put("identity:create_system_grant_for_" + actor, ADMIN);
            rules.put("identity:revoke_system_grant_for_" + actor, ADMIN);
        }
        rules.put("identity:list_role_assignments", DOMAIN_READ);
        rules.put(
                "identity:list_role_assignments_for_tree",
                DOMAIN_READ + " or (role:admin and project_id:%(project_id)s)");
    }

    private static void credentials(Map<String, String> rules) {
        rules.put("identity:validate_token", READ + " or rule:service_role or rule:owner");
        rules.put("identity:check_token", READ + " or rule:owner");
        rules.put("identity:revoke_token", ADMIN + " or rule:owner");
        rules.put("identity:create_trust", "user_id:%(trustor_user_id)s");
        rules.put("identity:list_trusts", READ);
        rules.put("identity:list_trusts_for_trustor", READ + " or user_id:%(trustor_user_id)s");
        rules.put("identity:list_trusts_for_trustee", READ + " or user_id:%(trustee_user_id)s");
        String parties = READ + " or user_id:%(trustor_user_id)s or user_id:%(trustee_user_id)s";
        rules.put("identity:get_trust", parties);
        rules.put("identity:list_roles_for_trust", parties);
        rules.put("identity:get_role_for_trust", parties);
        rules.put("identity:delete_trust", ADMIN + " or user_id:%(trustor_user_id)s");
        rules.put("identity:get_access_rule", READ + " or rule:owner");
        rules.put("identity:list_access_rules", READ + " or rule:owner");
        rules.put("identity:delete_access_rule", ADMIN + " or rule:owner");
        rules.put("identity:get_application_credential", READ + " or rule:owner");
        rules.put("identity:list_application_credentials", READ + " or rule:owner");
        rules.put("identity:create_application_credential", "rule:owner");
        rules.put("identity:delete_application_credential", ADMIN + " or rule:owner");
    }
}
