package io.nephos.identity.revocation;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.identity.wire.Ids;
import io.nephos.kit.background.Background;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.event.CompactedTopic;
import io.nephos.kit.event.Event;
import io.nephos.kit.token.Revocations;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Writes revocations: a row and an event in the transaction that causes them, in force here as soon as it has committed. At
 * start the live ones are published again, so that a broker that lost its data has them as well.
 *
 * <p>A token may be made while the change that revokes it is on its way to the commit. So the moment up to which tokens are
 * revoked is taken last, under a lock that is held until all can see the change; and who reads for a token asks for that lock
 * after he has looked at the clock ({@link #settle}). Either he sees the change, or his moment is not after the revocation's.
 */
@ApplicationScoped
public class RevocationFeed {
    static final String COMMITTING = "revocations";

    private final BiConsumer<Transaction, List<RevocationEvent.Builder>> writer = this::write;
    private final Database database;
    private final Revocations revocations;
    private final Duration lifetime;

    @Inject
    public RevocationFeed(
            Database database,
            Revocations revocations,
            @ConfigProperty(name = "nephos.identity.token-lifetime") long lifetimeSeconds) {
        this.database = database;
        this.revocations = revocations;
        this.lifetime = Duration.ofSeconds(lifetimeSeconds);
    }

    void start(@Observes StartupEvent event, Background background) {
        background.once("revocations", this::republish);
    }

    /** Every token of that user, and of the trusts that he gave or was given. */
    public void user(Transaction tx, String userId) {
        record(tx, event -> event.setUserId(userId));
        trusts(tx, userId, Optional.empty());
    }

    /** Every token scoped to that project. */
    public void project(Transaction tx, String projectId) {
        record(tx, event -> event.setProjectId(projectId));
    }

    /** Every token scoped to that domain or a project of it, or of a user of it. */
    public void domain(Transaction tx, String domainId) {
        record(tx, event -> event.setDomainId(domainId));
    }

    public void userOnProject(Transaction tx, String userId, String projectId) {
        record(tx, event -> event.setUserId(userId).setProjectId(projectId));
        trusts(tx, userId, Optional.of(projectId));
    }

    public void applicationCredential(Transaction tx, String id) {
        record(tx, event -> event.setApplicationCredentialId(id));
    }

    /** The one token of that audit id. */
    public void token(Transaction tx, String auditId) {
        record(tx, event -> event.setAuditId(auditId));
    }

    /** Every token that was made with that trust: its id stands for the first of their audit chain. */
    public void trust(Transaction tx, String trustId) {
        record(tx, event -> event.setAuditChainId(trustId));
    }

    /** Their tokens may be another's, and those made from them are others' again. */
    private void trusts(Transaction tx, String userId, Optional<String> projectId) {
        tx.listNative(
                        String.class,
                        "with recursive concerned (id) as (select id from trust"
                                + " where (trustor_user_id = :user or trustee_user_id = :user)"
                                + " and (:project = '' or project_id = :project)"
                                + " union select t.id from trust t join concerned c on t.redelegated_from = c.id)"
                                + " select id from concerned",
                        Map.of("user", userId, "project", projectId.orElse("")))
                .forEach(id -> trust(tx, id));
    }

    private void record(Transaction tx, Consumer<RevocationEvent.Builder> what) {
        RevocationEvent.Builder builder = RevocationEvent.newBuilder().setId(Ids.random());
        what.accept(builder);
        tx.beforeCommit(writer, builder);
    }

    private void write(Transaction tx, List<RevocationEvent.Builder> caused) {
        tx.serialize(COMMITTING);
        long now = System.currentTimeMillis();
        List<RevocationEvent> events = caused.stream()
                .map(one -> one.setIssuedBeforeMs(now)
                        .setExpiresMs(now + lifetime.plusMinutes(5).toMillis())
                        .build())
                .toList();
        tx.executeNative(
                "insert into revocation"
                        + " select * from json_populate_recordset(cast(null as revocation), cast(cast(:rows as text) as json))",
                Map.of("rows", RevocationRow.json(events)));
        tx.publish(events.stream()
                .map(event -> Event.of(Revocations.TOPIC, event.getId(), event))
                .toList());
        tx.afterCommit(() -> events.forEach(revocations::add));
    }

    /**
     * Returns when every revocation that has taken its moment is there for all to see; to be called before anything is read
     * for a token, and after the moment of the token was taken.
     */
    public void settle() {
        database.rows("select 1 from pg_advisory_xact_lock_shared(hashtextextended($1, 0))", COMMITTING);
    }

    /** The moment for a token that is made from what is read after this call. */
    public Instant moment() {
        Instant now = Instant.now();
        settle();
        return now;
    }

    /** What is older than any token refuses none. */
    @Produces
    @Singleton
    CompactedTopic topic(@ConfigProperty(name = "nephos.identity.token-lifetime") long lifetimeSeconds) {
        return new CompactedTopic(
                Revocations.TOPIC,
                Optional.of(Duration.ofSeconds(lifetimeSeconds).multipliedBy(2).plusHours(1)));
    }

    private void republish() {
        long now = System.currentTimeMillis();
        List<RevocationEvent> live = database.write(tx -> {
            tx.execute("delete from RevocationRow where expiresMs <= :now", Map.of("now", now));
            List<RevocationEvent> events = tx.list(RevocationRow.class, "from RevocationRow", Map.of()).stream()
                    .map(RevocationRow::event)
                    .toList();
            events.forEach(event -> tx.publish(Revocations.TOPIC, event.getId(), event));
            return events;
        });
        live.forEach(revocations::add);
    }
}
