package io.nephos.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The unchanged {@code openstack} command, as one user of the cloud under test. */
final class Cli {
    private static final long PATIENCE_SECONDS = 300;
    private final Map<String, String> identity;

    private Cli(Map<String, String> identity) {
        this.identity = identity;
    }

    /** What a command left behind. */
    record Outcome(int status, String output, String error) {}

    static Cli admin() {
        return new Cli(Map.of(
                "OS_CLOUD",
                "nephos",
                "OS_CLIENT_CONFIG_FILE",
                Cloud.home().resolve("etc/clouds.yaml").toString()));
    }

    static Cli of(String user, String password, String project) {
        Map<String, String> identity = new HashMap<>();
        identity.put("OS_AUTH_URL", Cloud.IDENTITY + "/v3");
        identity.put("OS_AUTH_TYPE", "password");
        identity.put("OS_IDENTITY_API_VERSION", "3");
        identity.put("OS_USERNAME", user);
        identity.put("OS_PASSWORD", password);
        identity.put("OS_PROJECT_NAME", project);
        identity.put("OS_USER_DOMAIN_NAME", "Default");
        identity.put("OS_PROJECT_DOMAIN_NAME", "Default");
        identity.put("OS_REGION_NAME", "RegionOne");
        return new Cli(Map.copyOf(identity));
    }

    /** What it printed; it must succeed. */
    String run(String... arguments) {
        Outcome outcome = tryRun(arguments);
        if (outcome.status() != 0) {
            throw new AssertionError("openstack " + String.join(" ", arguments) + ": " + outcome.error());
        }
        return outcome.output();
    }

    /** What it printed as JSON; it must succeed. */
    JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-f", "json"));
        String output = run(all.toArray(String[]::new));
        try {
            return Cloud.JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new AssertionError("openstack " + String.join(" ", arguments) + " printed no JSON: " + output, e);
        }
    }

    /** The id of what a create command made. */
    String make(String... arguments) {
        return json(arguments).path("id").asText();
    }

    /** What it said when it refused; it must fail. */
    String refusal(String... arguments) {
        Outcome outcome = tryRun(arguments);
        if (outcome.status() == 0) {
            throw new AssertionError("openstack " + String.join(" ", arguments) + " succeeded: " + outcome.output());
        }
        return outcome.error() + outcome.output();
    }

    Outcome tryRun(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openstack"));
        command.addAll(List.of(arguments));
        return execute(command, identity);
    }

    /** Any other command, with nothing of this machine's Python or cloud settings in its environment. */
    static Outcome execute(List<String> command, Map<String, String> more) {
        try {
            Path error = Files.createTempFile("nephos-conformance", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(error.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("OS_") || name.startsWith("PYTHON"));
            builder.environment().putAll(more);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end");
            }
            String said = Files.readString(error);
            Files.delete(error);
            return new Outcome(process.exitValue(), output, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
