package io.nephos.network.api;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Neutron's rule names: the project's members write, its readers read, what touches others is the administrator's. */
@ApplicationScoped
public class NeutronRules implements PolicyDefaults {
    private static final String ADMIN = "role:admin";
    private static final String MEMBER = "rule:admin_or_project_member";
    private static final String READER = "rule:admin_or_project_reader";
    private static final String NETWORK_OWNER =
            "rule:context_is_admin or (role:member and project_id:%(network:project_id)s)";

    private static final List<String> RESOURCES = List.of(
            "network", "subnet", "port", "router", "floatingip", "security_group", "security_group_rule", "subnetpool");

    private static final List<String> ADMIN_ONLY = List.of(
            "create_network:shared",
            "update_network:shared",
            "create_network:router:external",
            "update_network:router:external",
            "create_network:is_default",
            "update_network:is_default",
            "create_network:provider:network_type",
            "create_network:provider:physical_network",
            "create_network:provider:segmentation_id",
            "get_network:provider:network_type",
            "get_port:binding:host_id",
            "create_port:binding:host_id",
            "create_port:binding:profile",
            "update_port:binding:host_id",
            "update_port:binding:profile",
            "create_router:external_gateway_info:enable_snat",
            "create_router:external_gateway_info:external_fixed_ips",
            "update_router:external_gateway_info:enable_snat",
            "update_router:external_gateway_info:external_fixed_ips",
            "create_floatingip:floating_ip_address",
            "create_subnetpool:shared",
            "create_subnetpool:is_default",
            "update_subnetpool:is_default",
            "get_agent",
            "update_quota",
            "delete_quota");

    private static final List<String> OF_NETWORK_OWNER = List.of(
            "create_subnet",
            "create_port:mac_address",
            "create_port:fixed_ips:ip_address",
            "create_port:port_security_enabled",
            "create_port:allowed_address_pairs",
            "create_port:device_owner",
            "update_port:mac_address",
            "update_port:fixed_ips:ip_address",
            "update_port:port_security_enabled",
            "update_port:allowed_address_pairs",
            "update_port:device_owner");

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new HashMap<>();
        rules.put("context_is_admin", ADMIN);
        rules.put("admin_or_project_member", ADMIN + " or (role:member and project_id:%(project_id)s)");
        rules.put(
                "admin_or_project_reader",
                ADMIN + " or ((role:reader or role:member or role:service) and project_id:%(project_id)s)");
        for (String resource : RESOURCES) {
            rules.put("create_" + resource, MEMBER);
            rules.put("update_" + resource, MEMBER);
            rules.put("delete_" + resource, MEMBER);
            rules.put("get_" + resource, READER);
        }
        rules.put("add_router_interface", MEMBER);
        rules.put("remove_router_interface", MEMBER);
        rules.put("get_quota", READER);
        ADMIN_ONLY.forEach(rule -> rules.put(rule, ADMIN));
        OF_NETWORK_OWNER.forEach(rule -> rules.put(rule, NETWORK_OWNER));
        return rules;
    }
}
