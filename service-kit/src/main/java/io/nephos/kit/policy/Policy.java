package io.nephos.kit.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * May this caller do that? The service's defaults, overridden by the operator's {@code nephos.policy.file} (YAML, rule name
 * to check, oslo.policy's syntax). A rule that nobody defined allows nothing.
 */
@ApplicationScoped
public class Policy {
    public static final String ORPHANS_LIST = "nephos:orphans:list";
    public static final String ORPHANS_PURGE = "nephos:orphans:purge";
    /** Of what the kit itself serves, the same in every service. */
    private static final Map<String, String> KIT = Map.of(ORPHANS_LIST, "role:admin", ORPHANS_PURGE, "role:admin");

    private static final Logger LOG = Logger.getLogger(Policy.class);
    private final Map<String, Rule> rules = new HashMap<>();

    @Inject
    public Policy(PolicyDefaults defaults, @ConfigProperty(name = "nephos.policy.file") Optional<String> file) {
        KIT.forEach((name, text) -> rules.put(name, Rule.parse(text)));
        defaults.rules().forEach((name, text) -> rules.put(name, Rule.parse(text)));
        file.map(Path::of).filter(Files::exists).ifPresent(this::override);
    }

    /** 403 in the words "Policy doesn't allow NAME to be performed." unless the rule allows it. */
    public void require(String rule, Caller caller, Map<String, String> target) {
        if (!allows(rule, caller, target)) {
            throw Fault.forbidden("Policy doesn't allow " + rule + " to be performed.");
        }
    }

    /** As {@link #require} on something of that project. */
    public void require(String rule, Caller caller, String projectId) {
        require(rule, caller, Map.of("project_id", projectId, "tenant_id", projectId));
    }

    public boolean allows(String rule, Caller caller, Map<String, String> target) {
        return named(rule).allows(caller, target, this::named);
    }

    private Rule named(String name) {
        Rule rule = rules.get(name);
        return rule == null ? new Rule.Never() : rule;
    }

    private void override(Path file) {
        try {
            Map<String, String> overrides = new YAMLMapper().readValue(file.toFile(), new TypeReference<>() {});
            if (overrides != null) {
                overrides.forEach((name, text) -> rules.put(name, Rule.parse(text)));
                LOG.infof("%d policy rules of %s in force", overrides.size(), file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The policy file " + file + " cannot be read", e);
        }
    }
}
