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
                "delete_member")) {
            rules.put(rule, OWNER_WRITES);
        }
        for (String rule : List.of("publicize_image", "copy_image", "tasks_api_access")) {
            rules.put(rule, ADMIN);
        }
        rules.put("get_member", MEMBER_OR_OWNER_READS);
        rules.put("get_members", MEMBER_OR_OWNER_READS);
        rules.put("modify_member", "role:admin or (role:member and project_id:%(member_id)s)");
        return rules;
    }
}
