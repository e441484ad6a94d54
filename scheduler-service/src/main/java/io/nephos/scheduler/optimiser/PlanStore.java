package io.nephos.scheduler.optimiser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.PlanEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.optimiser.PlanRow.State;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Plans in PostgreSQL; what becomes of one is told. */
@ApplicationScoped
class PlanStore {
    static final String TOPIC = "nephos.scheduler.plan";

    private final Database database;
    private final ObjectMapper mapper;

    @Inject
    PlanStore(Database database, ObjectMapper mapper) {
        this.database = database;
        this.mapper = mapper;
    }

    void insert(PlanRow row) {
        database.run(tx -> {
            tx.insert(row);
            publish(tx, row, Change.CHANGE_CREATED);
            tx.wake(PlanReconciler.KIND, row.id);
        });
    }

    /** Newest first. */
    List<PlanRow> all() {
        return database.read(tx -> tx.list(PlanRow.class, "from PlanRow order by createdAt desc, id", Map.of()));
    }

    Optional<PlanRow> find(String id) {
        return database.read(tx -> tx.find(PlanRow.class, id));
    }

    /** 404 when there is none. */
    PlanRow require(String id) {
        return find(id).orElseThrow(() -> Fault.notFound("There is no optimizer plan " + id + "."));
    }

    /** 409 unless it is ready. */
    PlanRow approve(String id, String by) {
        return database.write(tx -> {
            PlanRow row = tx.lock(PlanRow.class, id)
                    .orElseThrow(() -> Fault.notFound("There is no optimizer plan " + id + "."));
            if (!row.state.equals(State.READY.name())) {
                throw Fault.conflict("Optimizer plan " + id + " is " + row.state + "; only a READY one is approved.");
            }
            row.approvedBy = by;
            return save(tx, row, State.APPROVED);
        });
    }

    /** One that was to be carried out cannot be any more. */
    void overtaken(String id, String by) {
        database.run(tx -> tx.lock(PlanRow.class, id)
                .filter(row -> row.state.equals(State.READY.name()) || row.state.equals(State.APPROVED.name()))
                .ifPresent(row -> {
                    row.message = by;
                    save(tx, row, State.STALE);
                }));
    }

    void made(String id, Plan plan) {
        settle(id, row -> {
            row.plan = json(plan);
            row.message = "";
            return State.READY;
        });
    }

    void failed(String id, String why) {
        settle(id, row -> {
            row.message = why;
            return State.FAILED;
        });
    }

    boolean delete(String id) {
        return database.write(tx -> {
            Optional<PlanRow> row = tx.lock(PlanRow.class, id);
            row.ifPresent(gone -> {
                tx.delete(gone);
                publish(tx, gone, Change.CHANGE_DELETED);
            });
            return row.isPresent();
        });
    }

    Optional<Plan> plan(PlanRow row) {
        return Optional.ofNullable(row.plan).map(text -> {
            try {
                return mapper.readValue(text, Plan.class);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("The plan " + row.id + " cannot be read", e);
            }
        });
    }

    /** Nothing, when it was deleted meanwhile, or settled by another replica. */
    private void settle(String id, Function<PlanRow, State> change) {
        database.run(tx -> tx.lock(PlanRow.class, id)
                .filter(row -> row.state.equals(State.PENDING.name()))
                .ifPresent(row -> save(tx, row, change.apply(row))));
    }

    private static PlanRow save(Transaction tx, PlanRow row, State state) {
        row.state = state.name();
        row.updatedAt = OffsetDateTime.now(Clock.systemUTC());
        tx.update(row);
        publish(tx, row, Change.CHANGE_UPDATED);
        return row;
    }

    private static void publish(Transaction tx, PlanRow row, Change change) {
        tx.publish(
                TOPIC,
                row.id,
                PlanEvent.newBuilder()
                        .setId(row.id)
                        .setGoal(row.goal)
                        .setState(row.state)
                        .setMessage(row.message)
                        .setChange(change)
                        .build());
    }

    private String json(Plan plan) {
        try {
            return mapper.writeValueAsString(plan);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
