package io.nephos.identity.domainconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.user.SecurityCompliance;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;

/**
 * The options that a domain may set, Keystone's list with its defaults ({@code domain-config.json}), and one that is never
 * shown. 403 for all others. Pure.
 */
final class DomainConfigOptions {
    private static final ObjectNode DEFAULTS = read();
    private static final Set<String> SENSITIVE = Set.of("ldap/password");
    private static final String COMPLIANCE = "security_compliance";

    private DomainConfigOptions() {}

    static ObjectNode defaults() {
        return DEFAULTS.deepCopy();
    }

    /** {@code {"ldap": {...}}} */
    static ObjectNode defaultsOf(String group) {
        requireGroup(group);
        ObjectNode node = DEFAULTS.objectNode();
        node.set(group, DEFAULTS.get(group).deepCopy());
        return node;
    }

    /** {@code {"url": ...}} */
    static ObjectNode defaultOf(String group, String option) {
        require(group, option);
        if (sensitive(group, option)) {
            throw refused("Reading the default for option " + option + " in group " + group + " is not supported");
        }
        ObjectNode node = DEFAULTS.objectNode();
        node.set(option, DEFAULTS.get(group).get(option));
        return node;
    }

    static boolean sensitive(String group, String option) {
        return SENSITIVE.contains(group + "/" + option);
    }

    static void requireGroup(String group) {
        if (!DEFAULTS.has(group)) {
            throw refused("Group " + group + " is not supported for domain specific configurations");
        }
    }

    static void require(String group, String option) {
        requireGroup(group);
        if (!DEFAULTS.get(group).has(option) && !sensitive(group, option)) {
            throw refused(
                    "Option " + option + " in group " + group + " is not supported for domain specific configurations");
        }
    }

    /** A whole configuration as it was sent: groups of options, all of them known, none of them empty. */
    static void require(JsonNode config) {
        if (config.isEmpty()) {
            throw refused("No options specified");
        }
        config.properties().forEach(group -> {
            if (!group.getValue().isObject() || group.getValue().isEmpty()) {
                throw refused("The value of group " + group.getKey()
                        + " specified in the config should be a dictionary of options");
            }
            group.getValue().fieldNames().forEachRemaining(option -> require(group.getKey(), option));
        });
    }

    static boolean isCompliance(String group) {
        return group.equals(COMPLIANCE);
    }

    /** What anyone may read of the rules for passwords; null where there is none. */
    static ObjectNode compliance(SecurityCompliance rules) {
        ObjectNode node = DEFAULTS.objectNode();
        node.putObject(COMPLIANCE)
                .put("password_regex", rules.passwordRegex().orElse(null))
                .put(
                        "password_regex_description",
                        rules.passwordRegexDescription().orElse(null));
        return node;
    }

    static ObjectNode compliance(SecurityCompliance rules, String option) {
        JsonNode all = compliance(rules).get(COMPLIANCE);
        if (!all.has(option)) {
            throw refused("Reading security compliance values other than password_regex and"
                    + " password_regex_description is not allowed.");
        }
        return DEFAULTS.objectNode().set(option, all.get(option));
    }

    static FaultException refused(String reason) {
        return Fault.forbidden("Invalid domain specific configuration: " + reason + ".");
    }

    private static ObjectNode read() {
        try (InputStream file = Objects.requireNonNull(
                DomainConfigOptions.class.getResourceAsStream("/domain-config.json"), "domain-config.json")) {
            return (ObjectNode) new ObjectMapper().readTree(file);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
