package io.nephos.kit.data;

import io.nephos.kit.event.Event;
import io.nephos.kit.fault.Fault;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.StaleStateException;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * The service's PostgreSQL database, for blocking code on virtual threads. The Hibernate Reactive session lives on its
 * event loop; each call of {@link Transaction} hops there and waits (docs/adr/0001).
 *
 * <p>Errors: {@link UniqueViolation} when a unique constraint says no; a 409 fault when the row was changed meanwhile; a
 * 503 fault when the database is away, with nothing half done.
 */
@ApplicationScoped
public class Database {
    private static final Logger LOG = Logger.getLogger(Database.class);

    private final Mutiny.SessionFactory sessions;
    private final Vertx vertx;
    private final Pool pool;
    private final Instance<WakeListener> listeners;
    private final AtomicLong edition = new AtomicLong();

    @Inject
    public Database(Mutiny.SessionFactory sessions, Vertx vertx, Pool pool, Instance<WakeListener> listeners) {
        this.sessions = sessions;
        this.vertx = vertx;
        this.pool = pool;
        this.listeners = listeners;
    }

    /** Runs {@code work} in a transaction and commits; a throw rolls back. */
    public <T> T write(Function<Transaction, T> work) {
        Context context = freshContext();
        CompletableFuture<Mutiny.StatelessSession> opened = new CompletableFuture<>();
        CompletableFuture<Void> worked = new CompletableFuture<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        context.runOnContext(ignored -> sessions.withStatelessTransaction((session, tx) -> {
                    opened.complete(session);
                    return Uni.createFrom()
                            .completionStage(worked)
                            .emitOn(command -> context.runOnContext(unused -> command.run()));
                })
                .subscribe()
                .with(done -> ended.complete(null), failure -> {
                    opened.completeExceptionally(failure);
                    ended.completeExceptionally(failure);
                }));
        try {
            Transaction transaction =
                    new Transaction(context, sessions, Uni.createFrom().item(opened.join()));
            T result;
            try {
                result = work.apply(transaction);
                transaction.ending();
            } catch (RuntimeException | Error e) {
                worked.completeExceptionally(e);
                ended.exceptionally(alreadyKnown -> null).join();
                throw e;
            }
            worked.complete(null);
            ended.join();
            if (transaction.woke()) {
                listeners.forEach(WakeListener::woken);
            }
            transaction.committed();
            return result;
        } catch (CompletionException e) {
            throw translate(e.getCause() == null ? e : e.getCause());
        } finally {
            edition.incrementAndGet();
        }
    }

    /**
     * Grows when a transaction of this process has ended: what was read under another number may have been changed here since.
     * What other replicas change does not count.
     */
    public long edition() {
        return edition.get();
    }

    /** {@link #write} for work without a result. */
    public void run(Consumer<Transaction> work) {
        write(tx -> {
            work.accept(tx);
            return Boolean.TRUE;
        });
    }

    /** Runs {@code work} on a session without a transaction: each query sees what is committed. */
    public <T> T read(Function<Transaction, T> work) {
        Context context = freshContext();
        // Opened by the first query and closed while nobody waits: each hop to the event loop costs as much as a small
        // query.
        AtomicBoolean opened = new AtomicBoolean();
        Uni<Mutiny.StatelessSession> session = sessions.openStatelessSession()
                .onSubscription()
                .invoke(() -> opened.set(true))
                .memoize()
                .indefinitely();
        try {
            return work.apply(new Transaction(context, sessions, session));
        } finally {
            if (opened.get()) {
                context.runOnContext(ignored -> session.chain(Mutiny.StatelessSession::close)
                        .subscribe()
                        .with(
                                closed -> {},
                                failure -> LOG.debugf("A session was not closed: %s", failure.getMessage())));
            }
        }
    }

    /** Tells the world of facts that change nothing here, in one statement: all of them or, with the failure, none. */
    public void publish(List<Event> events) {
        execute(
                "insert into outbox (id, topic, key, type, body, traceparent)"
                        + " select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])",
                (Object) events.stream().map(Event::id).toArray(UUID[]::new),
                texts(events, Event::topic),
                texts(events, Event::key),
                texts(events, Event::type),
                texts(events, Event::body),
                texts(events, Event::traceparent));
        listeners.forEach(WakeListener::woken);
    }

    private static Object texts(List<Event> events, Function<Event, String> part) {
        return events.stream().map(part).toArray(String[]::new);
    }

    /** Rows of a plain SQL query ($1, $2 ...), for projections and hot lists. */
    public List<Row> rows(String sql, Object... parameters) {
        Context context = freshContext();
        var rows = await(context, () -> pool.preparedQuery(sql).execute(Tuple.from(parameters)));
        List<Row> all = new ArrayList<>(rows.size());
        rows.forEach(all::add);
        return all;
    }

    /** A plain SQL statement in a transaction of its own; returns how many rows it changed. */
    public int execute(String sql, Object... parameters) {
        return await(freshContext(), () -> pool.preparedQuery(sql).execute(Tuple.from(parameters)))
                .rowCount();
    }

    @SuppressWarnings("NullAway") // a Uni of Void or of a missing row completes with null; Transaction.find wraps it
    static <T> T await(Context context, Supplier<Uni<T>> operation) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("The database was called from an event loop; use a virtual thread.");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                operation.get().subscribe().with(result::complete, result::completeExceptionally);
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw translate(e.getCause() == null ? e : e.getCause());
        }
    }

    private Context freshContext() {
        Context context = Objects.requireNonNull(
                VertxContext.createNewDuplicatedContext(((VertxInternal) vertx).createEventLoopContext()));
        VertxContextSafetyToggle.setContextSafe(context, true);
        return context;
    }

    private static RuntimeException translate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UniqueViolation known -> {
                    return known;
                }
                case ConstraintViolationException violation -> {
                    String constraint = violation.getConstraintName();
                    return new UniqueViolation(constraint == null ? "" : constraint, violation);
                }
                case PgException pg
                when "23505".equals(pg.getSqlState()) -> {
                    String constraint = pg.getConstraint();
                    return new UniqueViolation(constraint == null ? "" : constraint, pg);
                }
                case PgException pg
                when away(pg) -> {
                    return Fault.unavailable("The database is not available.");
                }
                case StaleStateException stale -> {
                    return Fault.conflict("The resource was changed by another request; try again.");
                }
                case IOException away -> {
                    return Fault.unavailable("The database is not available.");
                }
                default -> {
                    String text = String.valueOf(cause.getMessage());
                    if (text.contains("Connection is closed")
                            || text.contains("Connection closed")
                            || text.contains("connection closed")
                            || text.contains("Timeout waiting for connection")) {
                        return Fault.unavailable("The database is not available.");
                    }
                }
            }
        }
        return failure instanceof RuntimeException runtime ? runtime : new IllegalStateException(failure);
    }

    private static boolean away(PgException e) {
        String state = String.valueOf(e.getSqlState());
        return state.startsWith("57P") || state.startsWith("08") || state.startsWith("53");
    }
}
