package io.nephos.kit.token;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The revocation feed, kept in memory by every service: a token is refused when all that a record names matches it and it
 * was issued no later than the record says. Records are forgotten when every token they could match has expired.
 */
@ApplicationScoped
public class Revocations {
    public static final String TOPIC = "nephos.identity.revocation";

    /** How often records that can match nothing any more are looked for. */
    private static final long SWEEP_MS = 10_000;

    /** By the first id that each names, then by their own: a token has few ids to look under, and there may be many records. */
    private final Map<String, Map<String, RevocationEvent>> events = new ConcurrentHashMap<>();

    private final AtomicLong edition = new AtomicLong();
    private final EventFeed<RevocationEvent> feed;
    private final Clock clock = Clock.systemUTC();
    private long sweepAt;

    @Inject
    public Revocations(Broker broker) {
        this.feed = new EventFeed<>(broker, TOPIC, RevocationEvent.getDefaultInstance(), this::add);
    }

    void start(@Observes StartupEvent event) {
        feed.start();
    }

    void stop(@Observes ShutdownEvent event) {
        feed.stop();
    }

    /** The feed was read to its end once since this process started. */
    public boolean caughtUp() {
        return feed.caughtUp();
    }

    /** Grows with each record, so that what was concluded from an older edition can be looked at again. */
    public long edition() {
        return edition.get();
    }

    /** Takes a record in at once; identity-service does so with its own before they come back over the feed. */
    public synchronized void add(RevocationEvent event) {
        long now = clock.millis();
        if (event.getExpiresMs() > now
                && events.computeIfAbsent(subject(event), subject -> new ConcurrentHashMap<>())
                                .put(event.getId(), event)
                        == null) {
            edition.incrementAndGet();
        }
        if (sweepAt <= now) {
            sweepAt = now + SWEEP_MS;
            events.values().forEach(some -> some.values().removeIf(old -> old.getExpiresMs() <= now));
            events.values().removeIf(Map::isEmpty);
        }
    }

    public boolean revoked(Token token) {
        return subjects(token)
                .anyMatch(subject -> events.getOrDefault(subject, Map.of()).values().stream()
                        .anyMatch(event -> matches(event, token)));
    }

    private static String subject(RevocationEvent event) {
        return Stream.of(
                        event.getAuditId(),
                        event.getAuditChainId(),
                        event.getApplicationCredentialId(),
                        event.getUserId(),
                        event.getProjectId(),
                        event.getDomainId())
                .filter(id -> !id.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** All that {@link #subject} may have given to a record that matches this token. */
    private static Stream<String> subjects(Token token) {
        return Stream.of(
                "",
                token.auditIds().getFirst(),
                token.auditIds().getLast(),
                token.applicationCredentialId().orElse(""),
                token.userId(),
                token.projectId().orElse(""),
                token.userDomainId(),
                token.domainId().orElse(""),
                token.projectDomainId().orElse(""));
    }

    static boolean matches(RevocationEvent event, Token token) {
        return token.issuedAt().toEpochMilli() <= event.getIssuedBeforeMs()
                && fits(event.getAuditId(), token.auditIds().getFirst())
                && fits(event.getAuditChainId(), token.auditIds().getLast())
                && fits(event.getUserId(), token.userId())
                && fits(event.getProjectId(), token.projectId().orElse("-"))
                && domainFits(event.getDomainId(), token)
                && fits(
                        event.getApplicationCredentialId(),
                        token.applicationCredentialId().orElse("-"));
    }

    private static boolean domainFits(String domain, Token token) {
        return domain.isEmpty()
                || domain.equals(token.userDomainId())
                || domain.equals(token.domainId().orElse("-"))
                || domain.equals(token.projectDomainId().orElse("-"));
    }

    private static boolean fits(String wanted, String actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }
}
