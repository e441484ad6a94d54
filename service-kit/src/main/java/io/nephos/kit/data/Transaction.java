package io.nephos.kit.data;

import com.google.protobuf.Message;
import io.nephos.kit.event.Event;
import io.nephos.kit.fault.Fault;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.Mutiny.StatelessSession;

/**
 * One unit of work on the database; see {@link Database}. Entities are detached: what was changed is written by
 * {@link #update}, which compares the {@code @Version} column and throws a 409 fault when another was faster.
 */
public final class Transaction {
    private final Context context;
    private final Mutiny.SessionFactory sessions;
    private final Uni<StatelessSession> session;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final Map<BiConsumer<Transaction, ?>, Last<?>> last = new LinkedHashMap<>();
    private boolean woke;

    Transaction(Context context, Mutiny.SessionFactory sessions, Uni<StatelessSession> session) {
        this.context = context;
        this.sessions = sessions;
        this.session = session;
    }

    public <T> Optional<T> find(Class<T> type, Object id) {
        return Optional.ofNullable(ask(session -> session.get(type, id)));
    }

    /** As {@link #find}, holding the row until the transaction ends. */
    public <T> Optional<T> lock(Class<T> type, Object id) {
        return Optional.ofNullable(ask(session -> session.get(type, id, LockModeType.PESSIMISTIC_WRITE)));
    }

    public void insert(Object entity) {
        ask(session -> session.insert(entity));
    }

    public void update(Object entity) {
        ask(session -> session.update(entity));
    }

    /**
     * Compares the {@code @Version} column as {@link #update} does. Not by the session's own delete, which loses the end of
     * one of two deletions of a type that overlap and hangs (hibernate-reactive issue 1713).
     */
    public void delete(Object entity) {
        Deletion deletion = Deletion.of(sessions.getMetamodel(), entity);
        if (execute(deletion.hql(), deletion.parameters()) == 0) {
            throw Fault.conflict("The resource was changed by another request; try again.");
        }
    }

    /** Entities by HQL with named parameters: {@code list(ServerRow.class, "from ServerRow where projectId = :p", Map.of("p", id))}. */
    public <T> List<T> list(Class<T> type, String hql, Map<String, ?> parameters) {
        return ask(session -> selection(session, type, hql, parameters).getResultList());
    }

    /** As {@link #list}, at most {@code limit} of them. */
    public <T> List<T> list(Class<T> type, String hql, Map<String, ?> parameters, int limit) {
        return ask(session ->
                selection(session, type, hql, parameters).setMaxResults(limit).getResultList());
    }

    public <T> Optional<T> first(Class<T> type, String hql, Map<String, ?> parameters) {
        return list(type, hql, parameters, 1).stream().findFirst();
    }

    /** The number that {@code select count(...)} or {@code select coalesce(sum(...), 0)} gives. */
    public long count(String hql, Map<String, ?> parameters) {
        return list(Long.class, hql, parameters).getFirst();
    }

    /** An HQL update or delete; returns how many rows it changed. */
    public int execute(String hql, Map<String, ?> parameters) {
        return ask(session -> {
            Mutiny.MutationQuery query = session.createMutationQuery(hql);
            parameters.forEach(query::setParameter);
            return query.executeUpdate();
        });
    }

    /** A native SQL statement with named parameters (:name); returns how many rows it changed. */
    public int executeNative(String sql, Map<String, ?> parameters) {
        return ask(session -> {
            var query = session.createNativeQuery(sql);
            parameters.forEach(query::setParameter);
            return query.executeUpdate();
        });
    }

    /**
     * A native SQL query with named parameters: an Object[] per row, or the value itself where one column is selected.
     */
    public <T> List<T> listNative(Class<T> type, String sql, Map<String, ?> parameters) {
        return ask(session -> {
            var query = session.createNativeQuery(sql, type);
            parameters.forEach(query::setParameter);
            return query.getResultList();
        });
    }

    /** Holds a lock of that name until the transaction ends; for invariants that no single row guards. */
    public void serialize(String name) {
        listNative(
                Object.class,
                "select 1 from (select pg_advisory_xact_lock(hashtextextended(:name, 0))) as held",
                Map.of("name", name));
    }

    /** As {@link #publish(String, String, Message)}, all in one statement. */
    public void publish(List<Event> events) {
        executeNative(
                "insert into outbox (id, topic, key, type, body, traceparent)"
                        + " select cast(e.id as uuid), e.topic, e.key, e.type, e.body, e.traceparent"
                        + " from json_to_recordset(cast(cast(:events as text) as json))"
                        + " as e (id text, topic text, key text, type text, body text, traceparent text)",
                Map.of("events", Event.json(events)));
        woke = true;
    }

    /** Tells the world when, and only when, this transaction commits. Topic "nephos.service.noun", key the resource id. */
    public void publish(String topic, String key, Message body) {
        Event event = Event.of(topic, key, body);
        executeNative(
                "insert into outbox (id, topic, key, type, body, traceparent)"
                        + " values (cast(:id as uuid), :topic, :key, :type, :body, :traceparent)",
                Map.of(
                        "id", event.id().toString(),
                        "topic", event.topic(),
                        "key", event.key(),
                        "type", event.type(),
                        "body", event.body(),
                        "traceparent", event.traceparent()));
        woke = true;
    }

    /** Asks the reconciler of that kind to look at that resource as soon as this transaction has committed. */
    public void wake(String kind, String id) {
        executeNative(
                "insert into reconcile_task (kind, id, due_at) values (:kind, :id, now()) on conflict (kind, id) do update"
                        + " set due_at = now(), wakes = reconcile_task.wakes + 1",
                Map.of("kind", kind, "id", id));
        woke = true;
    }

    /** {@code writer} gets all that was left for it when nothing else remains to be done before the commit. */
    @SuppressWarnings("unchecked") // a writer is kept with items of its type only
    public <T> void beforeCommit(BiConsumer<Transaction, List<T>> writer, T item) {
        ((Last<T>) last.computeIfAbsent(writer, first -> new Last<>(writer, new ArrayList<>())))
                .items()
                .add(item);
    }

    private record Last<T>(BiConsumer<Transaction, List<T>> writer, List<T> items) {
        void write(Transaction tx) {
            writer.accept(tx, items);
        }
    }

    void ending() {
        last.values().forEach(one -> one.write(this));
    }

    /** Runs when this transaction has committed; not when it rolls back, and not after a crash. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    boolean woke() {
        return woke;
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    private <T> T ask(Function<StatelessSession, Uni<? extends T>> question) {
        return Database.await(context, () -> session.chain(question));
    }

    private static <T> Mutiny.SelectionQuery<T> selection(
            StatelessSession session, Class<T> type, String hql, Map<String, ?> parameters) {
        Mutiny.SelectionQuery<T> query = session.createSelectionQuery(hql, type);
        parameters.forEach(query::setParameter);
        return query;
    }
}
