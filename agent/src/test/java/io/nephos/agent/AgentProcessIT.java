package io.nephos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import io.nephos.agent.instance.Specs;
import io.nephos.contracts.agent.v1.AgentGrpc;
import io.nephos.contracts.agent.v1.EnsureInstanceRequest;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.ListInstancesRequest;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.agent.v1.RebootInstanceRequest;
import io.nephos.contracts.agent.v1.RemoveInstanceRequest;
import io.nephos.contracts.compute.v1.InstanceReportsGrpc;
import io.nephos.contracts.compute.v1.ReportInstancesRequest;
import io.nephos.contracts.compute.v1.ReportInstancesResponse;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.contracts.image.v1.ReleaseTicketRequest;
import io.nephos.contracts.image.v1.ReleaseTicketResponse;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.HeartbeatResponse;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.ReportHostResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as it is shipped, over mutual TLS, with the fake hypervisor; scheduler, compute and image are played here. */
final class AgentProcessIT {
    private static final ByteString IMAGE = ByteString.copyFromUtf8("an image of no guest");

    @TempDir
    private Path home = Path.of("");

    private final AtomicReference<Host> host = new AtomicReference<>(Host.getDefaultInstance());
    private final Map<String, InstanceState> told = new ConcurrentHashMap<>();
    private final Images images = new Images();
    private final Set<String> orphans = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Server> servers = new ConcurrentLinkedQueue<>();
    private Optional<Process> agent = Optional.empty();
    private int port;

    @BeforeEach
    void playTheCloud() throws Exception {
        TestCertificates certificates = new TestCertificates(home.resolve("tls"));
        for (String name : List.of("scheduler", "compute", "image", "network")) {
            certificates.issue(name, name, "DNS:" + name + ",IP:127.0.0.1");
        }
        certificates.issue("agent", "host:h1", "IP:127.0.0.1");
        port = freePort();
        Files.writeString(home.resolve("agent.properties"), """
                quarkus.http.port=%d
                nephos.tls.directory=%s
                nephos.rpc.listen=127.0.0.1:%d
                nephos.rpc.peer.scheduler=127.0.0.1:%d
                nephos.rpc.peer.compute=127.0.0.1:%d
                nephos.rpc.peer.image=127.0.0.1:%d
                nephos.agent.host=h1
                nephos.agent.address=127.0.0.1:%d
                nephos.agent.state=%s
                nephos.agent.hypervisor=fake
                nephos.agent.reports.poll-every=1s
                nephos.agent.reports.full-every=2s
                """.formatted(
                        freePort(),
                        home.resolve("tls"),
                        port,
                        serve("scheduler", new Scheduler()),
                        serve("compute", new Compute()),
                        serve("image", images),
                        port,
                        home.resolve("state")));
        startAgent();
    }

    @AfterEach
    void end() throws Exception {
        agent.ifPresent(Process::destroy);
        agent.orElseThrow().waitFor(20, TimeUnit.SECONDS);
        servers.forEach(Server::shutdownNow);
    }

    private final class Scheduler extends HostReportsGrpc.HostReportsImplBase {
        @Override
        public void reportHost(ReportHostRequest request, StreamObserver<ReportHostResponse> answer) {
            host.set(request.getHost());
            answer.onNext(ReportHostResponse.newBuilder().setHeartbeatSeconds(1).build());
            answer.onCompleted();
        }

        @Override
        public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
            answer.onNext(HeartbeatResponse.newBuilder()
                    .setReportAgain(host.get().getId().isEmpty())
                    .build());
            answer.onCompleted();
        }
    }

    private final class Compute extends InstanceReportsGrpc.InstanceReportsImplBase {
        @Override
        public void reportInstances(ReportInstancesRequest request, StreamObserver<ReportInstancesResponse> answer) {
            if (request.getFull()) {
                told.clear();
            }
            request.getInstancesList().forEach(state -> told.put(state.getId(), state));
            answer.onNext(ReportInstancesResponse.newBuilder()
                    .addAllOrphanIds(orphans.stream().filter(told::containsKey).toList())
                    .build());
            answer.onCompleted();
        }
    }

    private static final class Images extends ImageTransferGrpc.ImageTransferImplBase {
        private final Set<String> released = ConcurrentHashMap.newKeySet();

        @Override
        public void releaseTicket(ReleaseTicketRequest request, StreamObserver<ReleaseTicketResponse> answer) {
            released.add(request.getTicket());
            answer.onNext(ReleaseTicketResponse.getDefaultInstance());
            answer.onCompleted();
        }

        @Override
        public void download(DownloadRequest request, StreamObserver<Chunk> answer) {
            if (!request.getTicket().equals("good")) {
                answer.onError(Status.PERMISSION_DENIED.asRuntimeException());
                return;
            }
            answer.onNext(Chunk.newBuilder()
                    .setData(IMAGE.substring((int) request.getOffset()))
                    .build());
            answer.onCompleted();
        }
    }

    private int serve(String name, BindableService service) throws IOException {
        Server server = Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.newBuilder()
                                .keyManager(
                                        file(name + ".pem").toFile(),
                                        file(name + ".key").toFile())
                                .trustManager(file("ca.pem").toFile())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(service)
                .build()
                .start();
        servers.add(server);
        return server.getPort();
    }

    private Path file(String name) {
        return home.resolve("tls").resolve(name);
    }

    private void startAgent() throws IOException {
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
        agent = Optional.of(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dquarkus.config.locations=" + home.resolve("agent.properties"),
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("agent.log").toFile()))
                .start());
        until("the agent listens", () -> {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void until(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("never: " + what);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The agent as that certificate's owner sees it; "" shows none. */
    private AgentGrpc.AgentBlockingStub as(String certificate) throws IOException {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(file("ca.pem").toFile());
        if (!certificate.isEmpty()) {
            credentials.keyManager(
                    file(certificate + ".pem").toFile(),
                    file(certificate + ".key").toFile());
        }
        ManagedChannel channel = Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials.build())
                .build();
        return AgentGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static EnsureInstanceRequest wish(long generation, String ticket) throws Exception {
        InstanceSpec.Builder spec = Specs.running().setGeneration(generation).addPorts(Specs.port(1));
        spec.getImageBuilder()
                .setSha512(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-512").digest(IMAGE.toByteArray())))
                .setSizeBytes(IMAGE.size())
                .setTicket(ticket);
        return EnsureInstanceRequest.newBuilder().setInstance(spec).build();
    }

    private static void assertStatus(Status.Code code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(
                code,
                assertThrows(StatusRuntimeException.class, call).getStatus().getCode());
    }

    @Test
    void anInstanceLivesThroughAKillOfTheAgentAndIsTold() throws Exception {
        String id = Specs.running().getId();
        until("the host is reported", () -> host.get().getName().equals("h1"));
        assertEquals(
                Set.of("VCPU", "MEMORY_MB", "DISK_GB"),
                host.get().getInventoriesMap().keySet());
        String hostId = host.get().getId();

        assertStatus(Status.Code.UNAVAILABLE, () -> as("compute").ensureInstance(wish(1, "stolen")));
        assertTrue(as("compute").ensureInstance(wish(1, "good")).getChanged());
        assertFalse(as("compute").ensureInstance(wish(1, "")).getChanged());
        until("tickets are given back, whatever came of them", () -> images.released.equals(Set.of("stolen", "good")));
        until(
                "it is told as running",
                () -> told.containsKey(id)
                        && told.get(id).getPowerState() == PowerState.POWER_STATE_RUNNING
                        && told.get(id).getGeneration() == 1);

        agent.orElseThrow().destroyForcibly().waitFor();
        told.clear();
        host.set(Host.getDefaultInstance());
        startAgent();
        until("it is told again", () -> told.containsKey(id));
        until("the host is reported again", () -> host.get().getId().equals(hostId));
        assertFalse(as("compute").ensureInstance(wish(1, "")).getChanged());
        assertStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> as("compute")
                        .removeInstance(
                                RemoveInstanceRequest.newBuilder().setId("../x").build()));
        assertTrue(as("compute").ensureInstance(wish(2, "")).getChanged());
        assertStatus(Status.Code.FAILED_PRECONDITION, () -> as("compute").ensureInstance(wish(1, "")));

        // The guest shuts itself down.
        Files.createFile(home.resolve("state/" + id + ".poweroff"));
        until(
                "it is told as off",
                () -> told.containsKey(id) && told.get(id).getPowerState() == PowerState.POWER_STATE_SHUTOFF);
        as("compute")
                .rebootInstance(RebootInstanceRequest.newBuilder()
                        .setId(id)
                        .setRebootId("r1")
                        .build());
        until(
                "it is told as running again",
                () -> told.containsKey(id) && told.get(id).getPowerState() == PowerState.POWER_STATE_RUNNING);

        orphans.add(id);
        until("the orphan is gone", () -> told.isEmpty());
        assertEquals(
                0,
                as("compute")
                        .listInstances(ListInstancesRequest.getDefaultInstance())
                        .getInstancesCount());
    }

    @Test
    void whoMayNotAskIsRefused() throws Exception {
        ListInstancesRequest question = ListInstancesRequest.getDefaultInstance();
        assertStatus(Status.Code.UNAVAILABLE, () -> as("").listInstances(question));
        assertStatus(Status.Code.PERMISSION_DENIED, () -> as("network").listInstances(question));
        assertStatus(Status.Code.PERMISSION_DENIED, () -> as("agent").listInstances(question));
        assertEquals(0, as("compute").listInstances(question).getInstancesCount());
    }
}
