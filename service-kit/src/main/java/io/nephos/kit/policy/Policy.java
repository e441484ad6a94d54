package io.nephos.kit.policy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * May this caller do that? The service's defaults, overridden by the operator's {@code nephos.policy.file} (YAML, rule name
 * to check, oslo.policy's syntax). A rule that nobody defined allows nothing.
 *
 * <p>A file that changes is in force within two seconds. A bad one is refused as a whole: the log names the line, the gauge
 * {@code nephos.policy.refused} is 1, and the rules stay as they were. At start there are none to stay, and the defaults may
 * allow what the operator forbade: with a bad file the service does not start.
 */
@ApplicationScoped
public class Policy {
    public static final String ORPHANS_LIST = "nephos:orphans:list";
    public static final String ORPHANS_PURGE = "nephos:orphans:purge";
    /** Of what the kit itself serves, the same in every service. */
    private static final Map<String, String> KIT = Map.of(ORPHANS_LIST, "role:admin", ORPHANS_PURGE, "role:admin");

    private static final Logger LOG = Logger.getLogger(Policy.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Map<String, Rule> defaults;
    private final Optional<Path> file;
    private final MeterRegistry metrics;
    private volatile Map<String, Rule> rules;
    private volatile Stamp seen = Stamp.NONE;
    private volatile boolean refused;

    /** What tells one content of the file from the next. */
    private record Stamp(FileTime modified, long size, String key) {
        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, "");

        static Stamp of(Path file) throws IOException {
            Path real = file.toRealPath();
            return new Stamp(Files.getLastModifiedTime(real), Files.size(real), real.toString());
        }
    }

    @Inject
    public Policy(
            PolicyDefaults defaults,
            @ConfigProperty(name = "nephos.policy.file") Optional<String> file,
            MeterRegistry metrics) {
        Map<String, Rule> own = new HashMap<>();
        KIT.forEach((name, text) -> own.put(name, Rule.parse(text)));
        defaults.rules().forEach((name, text) -> own.put(name, Rule.parse(text)));
        this.defaults = Map.copyOf(own);
        this.rules = this.defaults;
        this.file = file.map(Path::of);
        this.metrics = metrics;
        metrics.gauge("nephos.policy.refused", this, policy -> policy.refused ? 1 : 0);
        if (look() && refused) {
            throw new IllegalStateException("The policy file " + file.orElse("") + " is bad; see the log for the line");
        }
    }

    public Policy(PolicyDefaults defaults, Optional<String> file) {
        this(defaults, file, new SimpleMeterRegistry());
    }

    void start(@Observes StartupEvent event, Background background) {
        if (file.isPresent()) {
            background.repeat("policy", Rhythm.every(LOOK), this::look);
        }
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
        Map<String, Rule> now = rules;
        return named(now, rule).allows(caller, target, name -> named(now, name));
    }

    /** The last file that was looked at was refused. */
    public boolean refused() {
        return refused;
    }

    /** True while that rule is the service's own, and not the operator's. */
    public boolean isUsual(String rule) {
        return rules.get(rule) == defaults.get(rule);
    }

    private static Rule named(Map<String, Rule> rules, String name) {
        Rule rule = rules.get(name);
        return rule == null ? new Rule.Never() : rule;
    }

    /** True when the file was there and new. */
    boolean look() {
        if (file.isEmpty()) {
            return false;
        }
        Path path = file.get();
        try {
            if (!Files.exists(path)) {
                return gone(path);
            }
            Stamp now = Stamp.of(path);
            if (now.equals(seen)) {
                return false;
            }
            String text = Files.readString(path);
            seen = now;
            take(path, text);
            return true;
        } catch (IOException e) {
            refuse(path + " cannot be read: " + e);
            return true;
        }
    }

    private void take(Path path, String text) {
        try {
            rules = PolicyFile.over(defaults, text);
            refused = false;
            count("accepted");
            LOG.infof("The policy rules of %s are in force", path);
        } catch (PolicyFile.Mistake e) {
            refuse(path + " line " + e.line() + ": " + e.getMessage());
        }
    }

    private boolean gone(Path path) {
        if (!seen.equals(Stamp.NONE)) {
            seen = Stamp.NONE;
            refuse(path + " is gone (an empty one brings the defaults back)");
        }
        return false;
    }

    private void refuse(String why) {
        if (!refused) {
            LOG.errorf("The policy file is refused, the rules stay as they were: %s", why);
        } else {
            LOG.warnf("The policy file is still refused: %s", why);
        }
        refused = true;
        count("refused");
    }

    private void count(String outcome) {
        metrics.counter("nephos.policy.loads", "outcome", outcome).increment();
    }
}
