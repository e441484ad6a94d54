package io.nephos.compute.aggregate;

import io.nephos.compute.api.Json;
import io.nephos.contracts.events.v1.HostEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** A host that comes may have been installed anew: the scheduler hears again in which aggregates it is. */
@ApplicationScoped
public class AggregateHostListener implements EventListener<HostEvent> {
    private final Database db;

    @Inject
    public AggregateHostListener(Database db) {
        this.db = db;
    }

    @Override
    public String topic() {
        return "nephos.scheduler.host";
    }

    @Override
    public HostEvent prototype() {
        return HostEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, HostEvent event) {
        if (event.getUp()) {
            db.run(tx -> tx.list(AggregateRow.class, "from AggregateRow where deleted = false", Map.of()).stream()
                    .filter(row -> Json.list(row.hosts).contains(event.getName()))
                    .forEach(row -> tx.wake(AggregateRow.KIND, String.valueOf(row.id))));
        }
    }
}
