package io.nephos.kit.event;

import io.nephos.kit.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A topic of one partition that keeps the latest record of each key: for what is read from the beginning. A service
 * produces one as a bean, and {@link TopicMaker} makes it.
 *
 * @param retention what is older is forgotten; none keeps the latest of each key for ever
 */
public record CompactedTopic(String name, Optional<Duration> retention) {
    private static final Duration SEGMENT = Duration.ofMinutes(30);

    /** Makes the topic, or gives these settings to the one that a reader has made the broker create. 503 fault while the broker is away. */
    public void ensure(Broker broker) throws InterruptedException {
        Map<String, String> settings = Map.of(
                "cleanup.policy", retention.isPresent() ? "compact,delete" : "compact",
                "retention.ms", String.valueOf(retention.map(Duration::toMillis).orElse(-1L)),
                "segment.ms", String.valueOf(SEGMENT.toMillis()));
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "request.timeout.ms",
                "4000",
                "default.api.timeout.ms",
                "5000"))) {
            try {
                admin.createTopics(List.of(new NewTopic(broker.named(name), 1, (short) 1).configs(settings)))
                        .all()
                        .get(6, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                configure(admin, broker.named(name), settings);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw Fault.unavailable("The topic " + name + " cannot be made now: " + e.getMessage());
        }
    }

    private static void configure(Admin admin, String topic, Map<String, String> settings)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes))
                .all()
                .get(6, TimeUnit.SECONDS);
    }
}
