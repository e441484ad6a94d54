package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.testkit.Certificates;
import io.nephos.testkit.Kafka;
import io.nephos.testkit.Peer;
import io.nephos.testkit.Postgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two real scheduler processes over one PostgreSQL, of which one at a time is killed with SIGKILL while both are claimed from.
 * Clients do as compute does: they ask again, whoever answers, until they know.
 */
@SuppressWarnings("NullAway.Init") // made before all tests
class ClaimCrashIT {
    private static final int ROUNDS = 4;
    private static final int CLIENTS = 6;
    private static final long CPUS = 40;
    private static final String H1 = "11111111-1111-4111-8111-111111111111";
    private static String database;
    private static final List<Replica> REPLICAS = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        database = Postgres.newDatabase("crash");
        for (int i = 0; i < 2; i++) {
            Replica replica = new Replica("replica-" + i, freePort(), freePort());
            REPLICAS.add(replica);
            replica.start(); // one after the other: the first makes the tables
            replica.awaitAnswer();
        }
        try (Link agent = REPLICAS.getFirst().link("host-h1")) {
            HostReportsGrpc.newBlockingStub(agent.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .reportHost(ReportHostRequest.newBuilder()
                            .setHost(Host.newBuilder()
                                    .setId(H1)
                                    .setName("h1")
                                    .setAgentAddress("127.0.0.1:1")
                                    .putInventories(
                                            "VCPU",
                                            Inventory.newBuilder()
                                                    .setTotal(CPUS)
                                                    .setAllocationRatio(1)
                                                    .build()))
                            .build());
        }
    }

    @AfterAll
    static void stop() {
        REPLICAS.forEach(Replica::kill);
    }

    @Test
    void whoeverIsKilledWheneverTheBooksHoldExactlyWhatClientsWereTold() throws Exception {
        Map<String, Boolean> told = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(round);
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<Map<String, Boolean>>> clients = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> heart = threads.submit(() -> beat(enough));
                for (int i = 0; i < CLIENTS; i++) {
                    Random own = new Random(round * 100L + i);
                    clients.add(threads.submit(() -> client(own, enough)));
                }
                Thread.sleep(300 + random.nextInt(1500));
                Replica victim = REPLICAS.get(random.nextInt(REPLICAS.size()));
                victim.kill();
                Thread.sleep(300 + random.nextInt(700));
                victim.start();
                victim.awaitAnswer();
                Thread.sleep(300);
                enough.set(true);
                for (Future<Map<String, Boolean>> client : clients) {
                    told.putAll(client.get());
                }
                heart.get();
            }
            long held = told.values().stream().filter(has -> has).count();
            HostStatus host = host();
            assertEquals(held, host.getUsedOrDefault("VCPU", 0), "round " + round);
            assertTrue(held <= CPUS, "round " + round);
        }
        assertTrue(told.size() > ROUNDS * CLIENTS, "clients got something done: " + told.size());
        told.forEach((consumer, has) -> assertEquals(has, release(REPLICAS.getFirst(), consumer), consumer));
        assertEquals(0, host().getUsedOrDefault("VCPU", 0));
    }

    /** Claims and releases; returns of each consumer whether it was last told that it has a place. */
    private static Map<String, Boolean> client(Random random, AtomicBoolean enough) {
        Map<String, Boolean> told = new HashMap<>();
        List<String> mine = new ArrayList<>();
        while (!enough.get()) {
            if (mine.size() < 4 || random.nextBoolean()) {
                String consumer = UUID.randomUUID().toString();
                boolean placed = claim(random, consumer);
                told.put(consumer, placed);
                if (placed) {
                    mine.add(consumer);
                }
            } else {
                String consumer = mine.remove(random.nextInt(mine.size()));
                again(random, replica -> release(replica, consumer));
                told.put(consumer, false);
            }
        }
        return told;
    }

    private static boolean claim(Random random, String consumer) {
        return again(random, replica -> {
            try (Link link = replica.link("compute")) {
                ClaimResponse answer = SchedulerGrpc.newBlockingStub(link.channel())
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .claim(ClaimRequest.newBuilder()
                                .setConsumerId(consumer)
                                .setProjectId("p")
                                .setUserId("u")
                                .putResources("VCPU", 1)
                                .build());
                return answer.hasPlacement();
            }
        });
    }

    private static boolean release(Replica replica, String consumer) {
        try (Link link = replica.link("compute")) {
            return SchedulerGrpc.newBlockingStub(link.channel())
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .release(ReleaseRequest.newBuilder().setConsumerId(consumer).build())
                    .getReleased();
        }
    }

    private static HostStatus host() {
        try (Link link = REPLICAS.getFirst().link("compute")) {
            return SchedulerGrpc.newBlockingStub(link.channel())
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .listHosts(ListHostsRequest.getDefaultInstance())
                    .getHosts(0);
        }
    }

    private static void beat(AtomicBoolean enough) {
        Random random = new Random(7);
        while (!enough.get()) {
            again(random, replica -> {
                try (Link link = replica.link("host-h1")) {
                    HostReportsGrpc.newBlockingStub(link.channel())
                            .withDeadlineAfter(5, TimeUnit.SECONDS)
                            .heartbeat(HeartbeatRequest.newBuilder()
                                    .setHostId(H1)
                                    .setName("h1")
                                    .build());
                    return true;
                }
            });
            pause(1000);
        }
    }

    private static boolean again(Random random, Ask ask) {
        while (true) {
            try {
                return ask.of(REPLICAS.get(random.nextInt(REPLICAS.size())));
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code != Status.Code.UNAVAILABLE && code != Status.Code.DEADLINE_EXCEEDED) {
                    throw e;
                }
                pause(50);
            }
        }
    }

    private interface Ask {
        boolean of(Replica replica);
    }

    private record Link(ManagedChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    /** A scheduler-service process, as it is deployed. */
    private static final class Replica {
        private final String name;
        private final int http;
        private final int rpc;
        private Process process;

        Replica(String name, int http, int rpc) {
            this.name = name;
            this.http = http;
            this.rpc = rpc;
        }

        void start() throws IOException {
            Map<String, String> config = new HashMap<>();
            config.put("quarkus.http.host", "127.0.0.1");
            config.put("quarkus.http.port", Integer.toString(http));
            config.put("quarkus.datasource.username", "nephos");
            config.put("quarkus.datasource.password", "nephos");
            config.put("quarkus.datasource.reactive.url", "postgresql://127.0.0.1:" + Postgres.port() + "/" + database);
            config.put(
                    "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:" + Postgres.port() + "/" + database);
            config.put("nephos.kafka.bootstrap-servers", Kafka.bootstrapServers());
            config.put("nephos.kafka.prefix", database + ".");
            config.put("nephos.tls.directory", Certificates.directory().toString());
            config.put("nephos.rpc.listen", "127.0.0.1:" + rpc);
            config.put("nephos.rpc.peer.identity", "127.0.0.1:1");
            config.put("nephos.rpc.peer.compute", "127.0.0.1:1");
            config.put("nephos.replica", name);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1"));
            config.forEach((key, value) -> command.add("-D" + key + "=" + value));
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
            Path log = Path.of("target", name + ".log");
            if (!Files.exists(log)) {
                Files.createFile(log);
            }
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        }

        /** SIGKILL: nothing is tidied up. */
        void kill() {
            try {
                process.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitAnswer() {
            for (int i = 0; i < 600; i++) {
                try (Link link = link("compute")) {
                    SchedulerGrpc.newBlockingStub(link.channel())
                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                            .listHosts(ListHostsRequest.getDefaultInstance());
                    return;
                } catch (StatusRuntimeException notYet) {
                    pause(100);
                }
            }
            throw new AssertionError(name + " does not answer; see target/" + name + ".log");
        }

        // One property names the service that Peer speaks to.
        Link link(String certificate) {
            synchronized (Replica.class) {
                System.setProperty("nephos.testkit.rpc.port", Integer.toString(rpc));
                return new Link(Peer.channelAs(certificate));
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
