package io.nephos.identity.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.kit.http.Fields;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a request says of a user, laid over its row. 400 names the field. */
final class UserRequests {
    private static final int LONGEST_PASSWORD = 4096;
    private static final String RULES = "multi_factor_auth_rules";
    private static final Set<String> OPTIONS = Set.of(
            "ignore_change_password_upon_first_use",
            "ignore_lockout_failure_attempts",
            "ignore_password_expiry",
            "ignore_user_inactivity",
            "lock_password",
            "multi_factor_auth_enabled",
            RULES);
    private static final Set<String> KNOWN = Set.of(
            "id",
            "name",
            "domain_id",
            "enabled",
            "default_project_id",
            "options",
            "password",
            "original_password",
            "password_expires_at",
            "federated",
            "links");

    private UserRequests() {}

    static void apply(UserRow row, Fields fields, boolean fresh) {
        if (fresh || fields.has("name")) {
            row.name = fields.text("name", 1, 255);
            if (row.name.isBlank()) {
                throw fields.invalid("name", "must not be blank.");
            }
        }
        row.enabled = fields.flag("enabled", fresh || row.enabled);
        if (fields.has("default_project_id")) {
            row.defaultProjectId =
                    fields.optionalText("default_project_id", 1, 64).orElse(null);
        }
        fields.optionalText("description", 0, 65_535);
        row.options = Attributes.options(row.options, fields, OPTIONS);
        requireOptions(Attributes.object(row.options), fields);
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    private static void requireOptions(ObjectNode options, Fields fields) {
        options.properties().forEach(option -> {
            boolean right = option.getKey().equals(RULES)
                    ? areRules(option.getValue())
                    : option.getValue().isBoolean();
            if (!right) {
                throw fields.invalid("options." + option.getKey(), "has a value of the wrong type.");
            }
        });
    }

    /** A list of lists of methods; none is empty, and none is there twice. */
    private static boolean areRules(JsonNode rules) {
        if (!rules.isArray()) {
            return false;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (JsonNode rule : rules) {
            Set<String> methods = new HashSet<>();
            boolean texts = rule.isArray() && !rule.isEmpty();
            for (JsonNode method : rule) {
                texts = texts
                        && method.isTextual()
                        && method.asText().matches("[\\w:.-]{1,64}")
                        && methods.add(method.asText());
            }
            if (!texts || !seen.add(rule)) {
                return false;
            }
        }
        return true;
    }

    static Optional<String> password(Fields fields) {
        return fields.optionalText("password", 0, LONGEST_PASSWORD);
    }
}
