package io.nephos.image.quota;

import io.grpc.StatusRuntimeException;
import io.nephos.contracts.events.v1.LimitEvent;
import io.nephos.contracts.identity.v1.FindLimitsRequest;
import io.nephos.contracts.identity.v1.FindLimitsResponse;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What projects may have, as identity-service says by its unified limits; asked again when it tells that some limit is
 * another, and at the latest after {@code nephos.image.limit.kept-for} (10 s). While identity is away, what it said last. Of what it does not limit, or when
 * it never said, {@code nephos.image.limit.image_size_total} and so on; -1, or nothing said, is no limit.
 */
@ApplicationScoped
class UnifiedLimits {
    private static final Logger LOG = Logger.getLogger(UnifiedLimits.class);
    private static final long PATIENCE_SECONDS = 3;
    private static final int MOST_KNOWN = 10_000;

    private final Peers peers;
    private final String region;
    private final Duration keptFor;
    private final Map<Limit, Long> configured = new EnumMap<>(Limit.class);
    private final Map<String, Known> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_KNOWN;
        }
    });

    private final EventFeed<LimitEvent> changes;
    private final AtomicLong edition = new AtomicLong();

    private record Known(Allowance allowance, long since, long edition) {}

    @Inject
    UnifiedLimits(
            Peers peers,
            Broker broker,
            Config config,
            @ConfigProperty(name = "nephos.image.region", defaultValue = "RegionOne") String region,
            @ConfigProperty(name = "nephos.image.limit.kept-for", defaultValue = "10S") Duration keptFor) {
        this.peers = peers;
        this.region = region;
        this.keptFor = keptFor;
        this.changes = new EventFeed<>(
                broker, "nephos.identity.limit", LimitEvent.getDefaultInstance(), change -> edition.incrementAndGet());
        for (Limit limit : Limit.values()) {
            config.getOptionalValue("nephos.image.limit." + limit.wire(), Long.class)
                    .ifPresent(amount -> configured.put(limit, amount));
        }
    }

    void start(@Observes StartupEvent event) {
        changes.start();
    }

    void stop(@Observes ShutdownEvent event) {
        changes.stop();
    }

    Allowance of(String project) {
        // Before it asks: what changes meanwhile makes the answer an old one.
        long current = edition.get();
        Known before = known.get(project);
        if (before != null && before.edition() == current && System.nanoTime() - before.since() < keptFor.toNanos()) {
            return before.allowance();
        }
        Allowance now = ask(project)
                .orElseGet(() -> before == null ? new Allowance(configured, Map.of(), List.of()) : before.allowance());
        known.put(project, new Known(now, System.nanoTime(), current));
        return now;
    }

    private Optional<Allowance> ask(String project) {
        try {
            FindLimitsResponse answer = IdentityGrpc.newBlockingStub(peers.channel("identity"))
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .findLimits(FindLimitsRequest.newBuilder()
                            .setServiceType("image")
                            .setRegionId(region)
                            .setProjectId(project)
                            .build());
            Map<Limit, Long> ofProject = new EnumMap<>(configured);
            ofProject.putAll(byLimit(answer.getLimitsMap()));
            return Optional.of(new Allowance(
                    ofProject, byLimit(answer.getDomainLimitsMap()), List.copyOf(answer.getDomainProjectsList())));
        } catch (StatusRuntimeException e) {
            LOG.infof(
                    "The limits of project %s stay as they were known: %s",
                    project, e.getStatus().getCode());
            return Optional.empty();
        }
    }

    private static Map<Limit, Long> byLimit(Map<String, Long> amounts) {
        Map<Limit, Long> found = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            Long amount = amounts.get(limit.wire());
            if (amount != null) {
                found.put(limit, amount);
            }
        }
        return found;
    }
}
