package io.nephos.image;

import io.nephos.kit.policy.PolicyDefaults;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Glance's rules by its names. The target has project_id and owner (the image's), visibility, and member_id (the caller's project when it is a member). */
@ApplicationScoped
public class ImagePolicies implements PolicyDefaults {
    private static final String ADMIN = "role:admin";
    private static final String OWNER_WRITES = "role:admin or (role:member and project_id:%(project_id)s)";
    private static final String OWNER_READS = "role:admin or (role:reader and project_id:%(project_id)s)";
    private static final String VISIBLE =
            "project_id:%(project_id)s or project_id:%(member_id)s or 'community':%(visibility)s"
                    + " or 'public':%(visibility)s or 'shared':%(visibility)s";
    private static final String MEMBER_OR_OWNER_READS =
            "role:admin or (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s))";

    @Override
    public Map<String, String> rules() {
        Map<String, String> rules = new LinkedHashMap<>();
        rules.put("context_is_admin", ADMIN);
        rules.put("add_image", "role:admin or (role:member and project_id:%(project_id)s and project_id:%(owner)s)");
        rules.put("get_image", "role:admin or (role:reader and (" + VISIBLE + "))");
        rules.put("get_images", OWNER_READS);
        rules.put("download_image", "role:admin or (role:member and (" + VISIBLE + "))");
        for (String rule : List.of(
                "modify_image",
                "delete_image",
                "upload_image",
                "communitize_image",
                "deactivate",
                "reactivate",
                "add_member",
                "delete_member",
                "set_image_location",
                "delete_image_location")) {
            rules.put(rule, OWNER_WRITES);
        }
        for (String rule : List.of(
                "publicize_image",
                "copy_image",
                "tasks_api_access",
                "stores_info_detail",
                "manage_image_cache",
                "cache_image",
                "cache_list",
                "cache_delete")) {
            rules.put(rule, ADMIN);
        }
        rules.put("get_image_location", OWNER_READS);
        rules.put("add_image_location", OWNER_WRITES + " or role:service");
        rules.put("fetch_image_location", "role:service");
        rules.put("get_member", MEMBER_OR_OWNER_READS);
        rules.put("get_members", MEMBER_OR_OWNER_READS);
        rules.put("modify_member", "role:admin or (role:member and project_id:%(member_id)s)");
        metadefs(rules);
        return rules;
    }

    private static void metadefs(Map<String, String> rules) {
        rules.put("metadef_default", "");
        rules.put("metadef_admin", ADMIN);
        rules.put("get_metadef_namespaces", OWNER_READS);
        for (String rule : List.of(
                "get_metadef_namespace",
                "get_metadef_object",
                "get_metadef_objects",
                "list_metadef_resource_types",
                "get_metadef_resource_type",
                "get_metadef_property",
                "get_metadef_properties",
                "get_metadef_tag",
                "get_metadef_tags")) {
            rules.put(rule, "role:admin or (role:reader and (project_id:%(project_id)s or 'public':%(visibility)s))");
        }
        for (String rule : List.of(
                "modify_metadef_namespace",
                "add_metadef_namespace",
                "delete_metadef_namespace",
                "modify_metadef_object",
                "add_metadef_object",
                "delete_metadef_object",
                "add_metadef_resource_type_association",
                "remove_metadef_resource_type_association",
                "modify_metadef_property",
                "add_metadef_property",
                "remove_metadef_property",
                "modify_metadef_tag",
                "add_metadef_tag",
                "add_metadef_tags",
                "delete_metadef_tag",
                "delete_metadef_tags")) {
            rules.put(rule, "rule:metadef_admin");
        }
    }
}
