package io.nephos.kit.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nephos.kit.token.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTest {
    private static final Map<String, String> DEFAULTS =
            Map.of("admin_required", "role:admin", "widget:create", "rule:admin_required", "widget:show", "");

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void aFileThatChangesIsInForceWithoutARestart() throws IOException {
        Path file = write("widget:create: role:member\n");
        Policy policy = policy(file);
        assertTrue(may(policy, "widget:create", "member"));
        assertFalse(policy.isUsual("widget:create"));
        assertTrue(policy.isUsual("widget:show"));
        Files.writeString(file, "# nobody\n\"widget:create\": \"!\"\n");
        assertTrue(policy.look());
        assertFalse(may(policy, "widget:create", "member"));
        assertFalse(may(policy, "widget:create", "admin"));
        assertFalse(policy.look());
        Files.writeString(file, "");
        assertTrue(policy.look());
        assertTrue(may(policy, "widget:create", "admin"));
    }

    @Test
    void aBadFileIsRefusedWithItsLineAndTheOldRulesStay() throws IOException {
        Path file = write("widget:create: role:member\n");
        Policy policy = policy(file);
        Map<String, Integer> bad = Map.of(
                "a: 'role:x'\n\nwidget:create: '(role:admin'\n", 3,
                "widget:show: 'rule:nowhere'\n", 1,
                "widget:show: 'role:x'\nwidget:create: 'rule:widget:create or role:x'\n", 2,
                "x: 'rule:y'\ny: 'rule:x'\n", 1,
                "widget:show: 'role:x'\nwidget:show: 'role:y'\n", 2,
                "widget:show: 'role:x'\n  widget: [oops\n", 2,
                "widget:show: !\n", 1,
                "widget:show: [['role:x']]\n", 1,
                "- widget:show\n", 1,
                "widget:show: 'role'\n", 1);
        for (Map.Entry<String, Integer> one : bad.entrySet()) {
            Files.writeString(file, one.getKey());
            List<String> logged = logged(policy::look);
            assertTrue(policy.refused(), one.getKey());
            assertTrue(
                    logged.stream().anyMatch(line -> line.contains("line " + one.getValue() + ":")),
                    one.getKey() + logged);
            assertEquals(1, metrics.get("nephos.policy.refused").gauge().value());
            assertTrue(may(policy, "widget:create", "member"));
            assertTrue(may(policy, "widget:show", "nobody"));
        }
        Files.writeString(file, "widget:create: role:reader\n# mended\n");
        policy.look();
        assertFalse(policy.refused());
        assertEquals(0, metrics.get("nephos.policy.refused").gauge().value());
        assertTrue(may(policy, "widget:create", "reader"));
    }

    @Test
    void aFileThatGoesAwayTakesNoRuleWithIt() throws IOException {
        Path file = write("widget:create: role:member\n");
        Policy policy = policy(file);
        Files.delete(file);
        policy.look();
        assertTrue(policy.refused());
        assertTrue(may(policy, "widget:create", "member"));
        Files.writeString(file, "widget:create: role:member\n");
        policy.look();
        assertFalse(policy.refused());
    }

    @Test
    void aServiceDoesNotStartWithABadFileAndStartsWithoutOne() throws IOException {
        Path file = write("widget:create: 'and'\n");
        assertThrows(IllegalStateException.class, () -> policy(file));
        assertTrue(may(policy(directory.resolve("none.yaml")), "widget:create", "admin"));
    }

    @Test
    void theTargetsOfKeystonesOwnRulesAreUnderstood() throws IOException {
        Policy policy = policy(
                write("widget:create: user_id:%(target.widget.user_id)s and project_id:%(target.project.id)s\n"));
        assertTrue(policy.allows("widget:create", caller("member"), Map.of("user_id", "u", "project_id", "p")));
        assertFalse(policy.allows("widget:create", caller("member"), Map.of("user_id", "other", "project_id", "p")));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("policy.yaml"), text);
    }

    private Policy policy(Path file) {
        return new Policy(() -> DEFAULTS, Optional.of(file.toString()), metrics);
    }

    private static boolean may(Policy policy, String rule, String role) {
        return policy.allows(rule, caller(role), Map.of());
    }

    private static Caller caller(String role) {
        return new Caller(
                "u", "d", Optional.of("p"), Optional.of("d"), Optional.empty(), false, Set.of(role), "a", "req-1");
    }

    private static List<String> logged(Runnable work) {
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                Object[] parameters = entry.getParameters();
                String text = entry.getMessage();
                lines.add(parameters == null ? text : String.format(text, parameters));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Policy.class.getName());
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return lines;
    }
}
