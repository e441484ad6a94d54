package io.nephos.identity.audit;

import io.nephos.kit.event.Broker;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that the service lets out beside its answers: what it logs, the spans it would send, the events it has told. */
final class Overheard extends Handler {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("io.nephos");

    /** Everything of ours, and what the rest says by itself. */
    void listen() {
        Spans.HEARD.clear();
        Spans.listening = true;
        root.addHandler(this);
        ours.setLevel(Level.ALL);
    }

    void stop() {
        root.removeHandler(this);
        ours.setLevel(null);
        Spans.listening = false;
    }

    List<String> logged() {
        return List.copyOf(lines);
    }

    List<String> traced() {
        return List.copyOf(Spans.HEARD);
    }

    /** Everything that identity ever told, whatever the topic. */
    List<String> told(Broker broker) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> all = consumer.listTopics(Duration.ofSeconds(10)).entrySet().stream()
                    .filter(topic -> topic.getKey().startsWith(broker.named("nephos.")))
                    .flatMap(topic ->
                            topic.getValue().stream().map(part -> new TopicPartition(part.topic(), part.partition())))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Stream.Builder<String> texts = Stream.builder();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> one : consumer.poll(Duration.ofMillis(200))) {
                    texts.add(one.key() + one.value());
                    one.headers().forEach(header -> texts.add(new String(header.value())));
                }
            }
            return texts.build().toList();
        }
    }

    @Override
    public void publish(LogRecord entry) {
        StringWriter text = new StringWriter();
        text.append(String.valueOf(entry.getMessage()));
        for (Object parameter : entry.getParameters() == null ? new Object[0] : entry.getParameters()) {
            text.append(' ').append(String.valueOf(parameter));
        }
        if (entry.getThrown() != null) {
            entry.getThrown().printStackTrace(new PrintWriter(text));
        }
        lines.add(text.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    /** Stands where an exporter's processor would. */
    @Singleton
    @Unremovable
    static class Spans implements SpanProcessor {
        private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();
        private static volatile boolean listening;

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            if (listening) {
                SpanData data = span.toSpanData();
                HEARD.add(data.getName() + " " + data.getAttributes() + " " + data.getStatus() + " " + data.getEvents()
                        + " " + data.getLinks());
            }
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
