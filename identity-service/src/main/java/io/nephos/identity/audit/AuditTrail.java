package io.nephos.identity.audit;

import io.nephos.contracts.events.v1.AuditEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.Event;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps audit records in the outbox, from where they reach the topic {@code nephos.identity.audit}. What is asked for at the
 * same time is kept by one statement, so that many sign-ins a second cost few. A record that the database refuses is
 * written to the log instead.
 */
@ApplicationScoped
public class AuditTrail {
    public static final String TOPIC = "nephos.identity.audit";
    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    private static final int TOGETHER = 100;

    private final BlockingQueue<Entry> waiting = new LinkedBlockingQueue<>(20_000);
    private final Database db;
    private volatile boolean stopping;

    private record Entry(Event event, CompletableFuture<Void> kept) {}

    @Inject
    public AuditTrail(Database db) {
        this.db = db;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("audit").start(this::write);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /** Done when the record cannot be lost any more. */
    CompletableFuture<Void> keep(AuditEvent record) {
        Event event = Event.of(TOPIC, record.getInitiator().getId(), record);
        Entry entry = new Entry(event, new CompletableFuture<>());
        if (!waiting.offer(entry)) {
            log(event, "too many wait");
            entry.kept().complete(null);
        }
        return entry.kept();
    }

    private void write() {
        while (!stopping || !waiting.isEmpty()) {
            try {
                Entry first = waiting.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    List<Entry> entries = new ArrayList<>(List.of(first));
                    waiting.drainTo(entries, TOGETHER - 1);
                    publish(entries);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void publish(List<Entry> entries) {
        try {
            db.publish(entries.stream().map(Entry::event).toList());
        } catch (RuntimeException e) {
            entries.forEach(entry -> log(entry.event(), String.valueOf(e.getMessage())));
        }
        entries.forEach(entry -> entry.kept().complete(null));
    }

    private static void log(Event event, String why) {
        LOG.errorf("An audit record is kept here only (%s): %s", why, event.body());
    }
}
