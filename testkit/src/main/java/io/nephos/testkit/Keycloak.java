package io.nephos.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code @QuarkusTestResource(Keycloak.class)}: a real Keycloak with the realm that {@code ./nephos up} imports, one for the
 * run, behind a {@link Gate} of the test's own, so that a test can take it away and give it back.
 */
public class Keycloak implements QuarkusTestResourceLifecycleManager {
    private static final String SECRET = "the-secret-of-a-test-run";
    private static final String GATE = "nephos.testkit.keycloak.gate";

    @Override
    public Map<String, String> start() {
        int gate = Gate.open(port(), GATE);
        return Map.of(
                "nephos.keycloak.url",
                "http://127.0.0.1:" + gate,
                "nephos.keycloak.realm",
                "nephos",
                "nephos.keycloak.client-id",
                "identity-service",
                "nephos.keycloak.client-secret",
                SECRET);
    }

    @Override
    public void stop() {
        // The server belongs to the run; see TestRun.
    }

    /** From now on it does not answer. */
    public static void takeAway() {
        Gate.shut(GATE, true);
    }

    public static void giveBack() {
        Gate.shut(GATE, false);
    }

    /** The port, after starting the server if this run has none yet. */
    public static int port() {
        return Integer.parseInt(TestRun.once("keycloak", Keycloak::startServer));
    }

    private static String startServer() {
        Path distribution = TestRun.distribution("keycloak");
        Path home = TestRun.directory().resolve("keycloak-home");
        String database = Postgres.newDatabase("keycloak");
        int port = TestRun.freePort();
        int management = TestRun.freePort();
        try {
            // The distribution is shared and its data directory is not ours: a home of links with a directory of its
            // own.
            Files.createDirectories(home.resolve("data/import"));
            for (String part : List.of("lib", "conf", "providers", "themes")) {
                Files.createSymbolicLink(home.resolve(part), distribution.resolve(part));
            }
            Files.writeString(
                    home.resolve("data/import/nephos-realm.json"),
                    Files.readString(realm()).replace("filled in at the first start", SECRET));
            Files.writeString(home.resolve("test.conf"), """
                    db-url=jdbc:postgresql://127.0.0.1:%d/%s
                    db-username=nephos
                    db-password=nephos
                    db-pool-initial-size=1
                    db-pool-max-size=20
                    http-enabled=true
                    http-host=127.0.0.1
                    http-port=%d
                    http-management-port=%d
                    hostname-strict=false
                    cache=local
                    spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true
                    log-level=INFO
                    """.formatted(Postgres.port(), database, port, management));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestRun.start("keycloak", command(home));
        TestRun.await("keycloak", Duration.ofMinutes(5), () -> answers("http://127.0.0.1:" + port + "/realms/nephos"));
        return Integer.toString(port);
    }

    private static ProcessBuilder command(Path home) {
        return Kafka.java(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                "--config-file=" + home.resolve("test.conf"),
                "start",
                "--optimized",
                "--import-realm");
    }

    /** The realm of the single node, from whichever module's directory the tests run in. */
    private static Path realm() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("deploy/singlenode/keycloak/realm-nephos.json");
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("deploy/singlenode/keycloak/realm-nephos.json is not above this directory");
    }

    private static boolean answers(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
