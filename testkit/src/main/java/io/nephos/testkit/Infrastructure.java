package io.nephos.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code @QuarkusTestResource(Infrastructure.class)}: the service under test gets a database of its own on the run's
 * PostgreSQL, topics of its own on the run's Kafka, certificates, a free gRPC port, and for each peer an address where {@link Peer} can listen.
 */
public class Infrastructure implements QuarkusTestResourceLifecycleManager {
    private static final List<String> PEERS = List.of("identity", "compute", "network", "image", "block", "scheduler");
    private String service = "service";

    @Override
    public void init(Map<String, String> arguments) {
        service = arguments.getOrDefault("service", "service");
    }

    @Override
    public Map<String, String> start() {
        String database = Postgres.newDatabase(service);
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.datasource.username", "nephos");
        config.put("quarkus.datasource.password", "nephos");
        config.put("quarkus.datasource.reactive.url", "postgresql://127.0.0.1:" + Postgres.port() + "/" + database);
        config.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:" + Postgres.port() + "/" + database);
        config.put("nephos.kafka.bootstrap-servers", Kafka.bootstrapServers());
        config.put("nephos.kafka.prefix", database + ".");
        config.put("nephos.tls.directory", Certificates.directory().toString());
        config.put("nephos.replica", database);
        config.put("quarkus.http.test-port", "0");
        int port = TestRun.freePort();
        System.setProperty("nephos.testkit.rpc.port", Integer.toString(port));
        config.put("nephos.rpc.listen", "127.0.0.1:" + port);
        for (String peer : PEERS) {
            int peerPort = TestRun.freePort();
            System.setProperty("nephos.testkit.peer." + peer, Integer.toString(peerPort));
            config.put("nephos.rpc.peer." + peer, "127.0.0.1:" + peerPort);
        }
        TestTokens.key();
        return config;
    }

    @Override
    public void stop() {
        // The servers belong to the run; see TestRun.
    }
}
