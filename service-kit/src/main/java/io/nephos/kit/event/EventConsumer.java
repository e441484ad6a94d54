package io.nephos.kit.event;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.nephos.kit.reconcile.Replica;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics of all {@link EventListener} beans as the consumer group of the service. A batch is acknowledged when
 * all of it was handled; a listener that throws sees its events again.
 */
@ApplicationScoped
public class EventConsumer {
    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    private final Map<String, List<EventListener<?>>> listeners = new HashMap<>();
    private final Replica replica;
    private final Broker broker;
    private final String service;
    private volatile boolean stopping;
    private volatile @Nullable KafkaConsumer<String, String> consumer;

    @Inject
    public EventConsumer(
            @Any Instance<EventListener<?>> listeners,
            Replica replica,
            Broker broker,
            @ConfigProperty(name = "nephos.service.name") String service) {
        listeners.forEach(listener -> this.listeners
                .computeIfAbsent(broker.named(listener.topic()), topic -> new ArrayList<>())
                .add(listener));
        this.replica = replica;
        this.broker = broker;
        this.service = service;
    }

    void start(@Observes StartupEvent event) {
        if (!listeners.isEmpty()) {
            // A platform thread: the Kafka client parks its caller for long and holds monitors while it does.
            Thread.ofPlatform().daemon().name("event-consumer").start(this::consume);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        KafkaConsumer<String, String> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    private void consume() {
        while (!stopping) {
            try (KafkaConsumer<String, String> open = open()) {
                consumer = open;
                open.subscribe(listeners.keySet());
                while (!stopping) {
                    ConsumerRecords<String, String> records = open.poll(Duration.ofSeconds(5));
                    for (ConsumerRecord<String, String> record : records) {
                        for (EventListener<?> listener : listeners.getOrDefault(record.topic(), List.of())) {
                            deliver(listener, record);
                        }
                    }
                    if (!records.isEmpty()) {
                        open.commitSync();
                    }
                }
            } catch (WakeupException e) {
                LOG.debug("The event consumer was woken to stop");
            } catch (KafkaException e) {
                LOG.warnf("Events cannot be read: %s", e.getMessage());
                rest();
            }
        }
    }

    private void deliver(EventListener<?> listener, ConsumerRecord<String, String> record) {
        while (!stopping) {
            try {
                hand(listener, record.key(), record.value());
                return;
            } catch (RuntimeException e) {
                LOG.warnf("Event %s of %s is tried again: %s", record.key(), record.topic(), e.toString());
                rest();
            }
        }
    }

    private static <T extends Message> void hand(EventListener<T> listener, String key, @Nullable String body) {
        if (body == null) {
            return; // a tombstone of a compacted topic
        }
        Message.Builder builder = listener.prototype().newBuilderForType();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(body, builder);
        } catch (InvalidProtocolBufferException e) {
            LOG.errorf("Event %s of %s is not readable and is left out: %s", key, listener.topic(), e.getMessage());
            return;
        }
        @SuppressWarnings("unchecked") // the builder is that of the prototype
        T event = (T) builder.build();
        listener.on(key, event);
    }

    private static void rest() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KafkaConsumer<String, String> open() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", broker.named("nephos-" + service),
                        "client.id", replica.name() + "-events",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "max.poll.records", "100",
                        "fetch.max.wait.ms", "5000",
                        "metadata.max.age.ms", "5000"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** The topics that are read, for the health page. */
    public List<String> topics() {
        return listeners.keySet().stream().sorted().toList();
    }
}
