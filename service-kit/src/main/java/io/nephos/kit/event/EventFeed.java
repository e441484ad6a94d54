package io.nephos.kit.event;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a topic, from its beginning and for ever, in every replica: for state that each process keeps in memory.
 *
 * @param <T> the message of the topic
 */
public final class EventFeed<T extends Message> {
    private static final Logger LOG = Logger.getLogger(EventFeed.class);

    private final String topic;
    private final T prototype;
    private final Consumer<T> sink;
    private final String bootstrapServers;
    private volatile @Nullable KafkaConsumer<String, String> consumer;
    private volatile boolean stopping;
    private volatile boolean caughtUp;

    public EventFeed(Broker broker, String topic, T prototype, Consumer<T> sink) {
        this.bootstrapServers = broker.bootstrapServers();
        this.topic = broker.named(topic);
        this.prototype = prototype;
        this.sink = sink;
    }

    public void start() {
        Thread.ofPlatform().daemon().name("feed-" + topic).start(this::follow);
    }

    public void stop() {
        stopping = true;
        KafkaConsumer<String, String> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    /** Everything that was there when this process started has been read. */
    public boolean caughtUp() {
        return caughtUp;
    }

    private void follow() {
        while (!stopping) {
            // The broker answers a fetch when something is there; the long wait is for nothing to happen cheaply.
            try (KafkaConsumer<String, String> open = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers", bootstrapServers,
                            "metadata.max.age.ms", "5000",
                            "fetch.max.wait.ms", "5000"),
                    new StringDeserializer(),
                    new StringDeserializer())) {
                consumer = open;
                read(open);
            } catch (WakeupException e) {
                LOG.debugf("The feed of %s was woken to stop", topic);
            } catch (KafkaException e) {
                LOG.debugf("%s cannot be read: %s", topic, e.getMessage());
                rest();
            }
        }
    }

    private void read(KafkaConsumer<String, String> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, Duration.ofSeconds(5));
        if (partitions == null || partitions.isEmpty()) {
            rest();
            return;
        }
        List<TopicPartition> all = partitions.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(all));
        while (!stopping) {
            if (!caughtUp
                    && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                caughtUp = true;
            }
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(5))) {
                accept(record);
            }
        }
    }

    private void accept(ConsumerRecord<String, String> record) {
        if (record.value() == null) {
            return;
        }
        Message.Builder builder = prototype.newBuilderForType();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(record.value(), builder);
            @SuppressWarnings("unchecked") // the builder is that of the prototype
            T event = (T) builder.build();
            sink.accept(event);
        } catch (InvalidProtocolBufferException e) {
            LOG.errorf("A record of %s is not readable and is left out: %s", topic, e.getMessage());
        }
    }

    private static void rest() {
        try {
            Thread.sleep(Duration.ofMillis(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
