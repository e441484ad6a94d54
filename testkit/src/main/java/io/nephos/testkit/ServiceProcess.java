package io.nephos.testkit;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.contracts.identity.v1.ListSigningKeysRequest;
import io.nephos.contracts.identity.v1.ListSigningKeysResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A packaged service as a process of its own, with the infrastructure of the tests: to be killed, and started again on what it
 * left behind, or to be measured. It takes {@link TestTokens}; {@link Peer} speaks to it until it is closed.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration FAREWELL = Duration.ofSeconds(10);
    private static final List<String> SMALL = List.of(
            "-Djdk.virtualThreadScheduler.parallelism=16", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private final Properties before = (Properties) System.getProperties().clone();
    private final int port = TestRun.freePort();
    private final Map<String, String> config = new HashMap<>(new Infrastructure().start());
    private final Path jar;
    private final Path log;
    private final List<String> options;
    private final Server identity;
    private @Nullable Process process;

    /**
     * @param jar the module's {@code target/quarkus-app/quarkus-run.jar}
     * @param log a file that is added to
     */
    public ServiceProcess(Path jar, Path log, Map<String, String> settings) {
        this(jar, log, settings, SMALL);
    }

    /** @param options of its Java virtual machine */
    public ServiceProcess(Path jar, Path log, Map<String, String> settings, List<String> options) {
        this.jar = jar.toAbsolutePath();
        this.log = log;
        this.options = options;
        config.put("quarkus.http.host", "127.0.0.1");
        config.put("quarkus.http.port", Integer.toString(port));
        config.putAll(settings);
        identity = Peer.serve("identity", new IdentityGrpc.IdentityImplBase() {
            @Override
            public void listSigningKeys(
                    ListSigningKeysRequest request, StreamObserver<ListSigningKeysResponse> answer) {
                answer.onNext(ListSigningKeysResponse.newBuilder()
                        .setJwks(TestTokens.publicKeys())
                        .build());
                answer.onCompleted();
            }
        });
    }

    /** Of its HTTP face. */
    public int port() {
        return port;
    }

    /** Of its gRPC face. */
    public int rpcPort() {
        return Integer.getInteger("nephos.testkit.rpc.port", 0);
    }

    /** Of its database, for the user and the password "nephos". */
    public String jdbcUrl() {
        return Objects.requireNonNull(config.get("quarkus.datasource.jdbc.url"));
    }

    /** While it runs. */
    public ProcessHandle handle() {
        return Objects.requireNonNull(process, "not started").toHandle();
    }

    /** Returns when it is ready. */
    public void start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        config.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestRun.await(jar.toString(), PATIENCE, this::ready);
    }

    /** As it is told to at a deployment; killed if it takes too long. */
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            try {
                if (running.waitFor(FAREWELL)) {
                    return;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            kill();
        }
    }

    /** As the kernel does when memory is short. */
    public void kill() {
        Process running = process;
        if (running != null) {
            try {
                running.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        kill();
        identity.shutdownNow();
        System.setProperties(before);
    }

    private boolean ready() {
        try {
            HttpURLConnection health = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/q/health/ready")
                    .toURL()
                    .openConnection();
            health.setConnectTimeout(2000);
            health.setReadTimeout(2000);
            return health.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
