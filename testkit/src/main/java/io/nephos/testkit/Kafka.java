package io.nephos.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real Kafka broker (KRaft, one node) on free ports of loopback, one for the run. A service under test reads its topics
 * from the beginning: {@link Infrastructure} gives it a prefix of its own, so that it hears no other test.
 */
public final class Kafka {
    private static final String NAME = "kafka";

    private Kafka() {}

    /** "127.0.0.1:port", after starting the broker if this run has none yet. */
    public static String bootstrapServers() {
        return "127.0.0.1:" + TestRun.once(NAME, Kafka::start);
    }

    private static String start() {
        String classPath = TestRun.distribution("kafka") + "/*";
        Path properties = TestRun.directory().resolve(NAME + ".properties");
        int port = TestRun.freePort();
        int controller = TestRun.freePort();
        try {
            Files.writeString(properties, """
                    process.roles=broker,controller
                    node.id=1
                    controller.quorum.bootstrap.servers=127.0.0.1:%2$d
                    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                    advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                    controller.listener.names=CONTROLLER
                    inter.broker.listener.name=PLAINTEXT
                    log.dirs=%3$s
                    num.partitions=1
                    offsets.topic.replication.factor=1
                    offsets.topic.num.partitions=4
                    transaction.state.log.replication.factor=1
                    transaction.state.log.min.isr=1
                    transaction.state.log.num.partitions=2
                    share.coordinator.state.topic.replication.factor=1
                    share.coordinator.state.topic.min.isr=1
                    share.coordinator.state.topic.num.partitions=2
                    group.initial.rebalance.delay.ms=0
                    log.cleaner.dedupe.buffer.size=16777216
                    """.formatted(
                            port, controller, TestRun.directory().resolve(NAME + "-data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestRun.run(java(
                "-Xmx96m",
                "-cp",
                classPath,
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "-t",
                "bmVwaG9zLXRlc3RraXQtMQ",
                "-c",
                properties.toString()));
        TestRun.start(
                NAME,
                java(
                        "-Xmx160m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        "kafka.Kafka",
                        properties.toString()));
        TestRun.await(NAME, Duration.ofSeconds(90), () -> TestRun.open(port));
        return Integer.toString(port);
    }

    static ProcessBuilder java(String... arguments) {
        ProcessBuilder command = new ProcessBuilder(arguments);
        command.command()
                .addFirst(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return command;
    }
}
