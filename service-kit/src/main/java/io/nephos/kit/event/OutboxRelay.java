package io.nephos.kit.event;

import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.kit.background.Bell;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.WakeListener;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Replica;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries the outbox to Kafka: at least once, in the order of the rows, by one replica at a time (a lease). With the
 * broker away events wait in the table and nothing else waits for them.
 */
@ApplicationScoped
public class OutboxRelay implements WakeListener {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 200;
    private static final Duration SURE = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Database database;
    private final Replica replica;
    private final Broker broker;
    private final String service;
    private final AtomicLong waiting = new AtomicLong();
    private final Bell bell = new Bell();
    private volatile boolean stopping;
    private long leasedUntil = System.nanoTime();
    private @Nullable KafkaProducer<String, String> producer;

    @Inject
    public OutboxRelay(
            Database database,
            Replica replica,
            MeterRegistry metrics,
            Broker broker,
            @ConfigProperty(name = "nephos.service.name") String service) {
        this.database = database;
        this.replica = replica;
        this.broker = broker;
        this.service = service;
        metrics.gauge("nephos.outbox.waiting", waiting);
    }

    void start(@Observes StartupEvent event) {
        // A platform thread, as for the event consumer: the Kafka client waits in monitors (see Bell).
        Thread.ofPlatform().daemon().name("outbox-relay").start(this::relay);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        woken();
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
        }
    }

    /** Events are there: do not wait for the next look. */
    @Override
    public void woken() {
        bell.ring();
    }

    private void relay() {
        while (!stopping) {
            try {
                if ((leased() || (eventsWait() && takesLease())) && sendBatch()) {
                    continue;
                }
            } catch (FaultException | KafkaException | ExecutionException | TimeoutException e) {
                LOG.debugf("Events wait: %s", e.getMessage());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.errorf(e, "The outbox cannot be sent");
            }
            pause();
        }
    }

    private void pause() {
        try {
            bell.rest(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    /** Cheap, for it is asked each second by every replica, mostly for nothing. */
    private boolean eventsWait() {
        if (database.rows("select 1 from outbox limit 1").isEmpty()) {
            waiting.set(0);
            return false;
        }
        return true;
    }

    /** Sure of it without a question: less than the time that a batch may take is gone since it was taken. */
    private boolean leased() {
        return System.nanoTime() < leasedUntil;
    }

    private boolean takesLease() {
        long now = System.nanoTime();
        boolean taken = database.execute(
                        "update outbox_relay set owner = $1, lease_until = now() + interval '10 seconds'"
                                + " where owner = $1 or lease_until < now()",
                        replica.name())
                == 1;
        leasedUntil = taken ? now + SURE.toNanos() : now;
        return taken;
    }

    private boolean sendBatch() throws InterruptedException, ExecutionException, TimeoutException {
        List<Row> rows = database.rows(
                "select seq, id, topic, key, type, body, traceparent, created_at from outbox order by seq limit $1",
                BATCH);
        waiting.set(rows.size());
        if (rows.isEmpty()) {
            return false;
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Row row : rows) {
            sent.add(producer().send(record(row)));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get(8, TimeUnit.SECONDS);
        }
        database.execute("delete from outbox where seq = any($1)", (Object)
                rows.stream().map(row -> row.getLong("seq")).toArray(Long[]::new));
        waiting.addAndGet(-rows.size());
        return rows.size() == BATCH;
    }

    private ProducerRecord<String, String> record(Row row) {
        ProducerRecord<String, String> record =
                new ProducerRecord<>(broker.named(row.getString("topic")), row.getString("key"), row.getString("body"));
        OffsetDateTime time = row.getOffsetDateTime("created_at");
        header(record, "ce_specversion", "1.0");
        header(record, "ce_id", row.getUUID("id").toString());
        header(record, "ce_source", "/nephos/" + service);
        header(record, "ce_type", row.getString("type"));
        header(record, "ce_subject", row.getString("key"));
        header(record, "ce_time", time.toInstant().toString());
        header(record, "content-type", "application/json");
        Optional.ofNullable(row.getString("traceparent"))
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> header(record, "traceparent", text));
        return record;
    }

    private static void header(ProducerRecord<String, String> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private KafkaProducer<String, String> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers", broker.bootstrapServers(),
                            "acks", "all",
                            "enable.idempotence", "true",
                            "max.block.ms", "5000",
                            "request.timeout.ms", "5000",
                            "delivery.timeout.ms", "8000",
                            "buffer.memory", "8388608",
                            "client.id", replica.name() + "-outbox"),
                    new StringSerializer(),
                    new StringSerializer());
        }
        return producer;
    }
}
