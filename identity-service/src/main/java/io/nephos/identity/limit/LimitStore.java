package io.nephos.identity.limit;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.LimitEvent;
import io.nephos.identity.catalog.ServiceRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.event.CompactedTopic;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Limits in the database, and what must hold between them. */
@ApplicationScoped
public class LimitStore {
    private static final String TOPIC = "nephos.identity.limit";
    /** For those who were away: what they remember is not that old. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final LimitModel model;

    @Inject
    public LimitStore(LimitModel model) {
        this.model = model;
    }

    @Produces
    @Singleton
    CompactedTopic topic() {
        return new CompactedTopic(TOPIC, Optional.of(KEPT));
    }

    /** Tells those who remember limits. */
    static void changed(Transaction tx, RegisteredLimitRow row, Change change) {
        changed(tx, row.id, row.serviceId, row.resourceName, change);
    }

    static void changed(Transaction tx, LimitRow row, Change change) {
        changed(tx, row.id, row.serviceId, row.resourceName, change);
    }

    private static void changed(Transaction tx, String id, String service, String resource, Change change) {
        tx.publish(
                TOPIC,
                id,
                LimitEvent.newBuilder()
                        .setId(id)
                        .setServiceId(service)
                        .setResourceName(resource)
                        .setChange(change)
                        .build());
    }

    RegisteredLimitRow requireRegistered(Transaction tx, String id) {
        return tx.find(RegisteredLimitRow.class, id)
                .orElseThrow(() -> Fault.notFound("Could not find registered limit for " + id + "."));
    }

    LimitRow require(Transaction tx, String id) {
        return tx.find(LimitRow.class, id).orElseThrow(() -> Fault.notFound("Could not find limit for " + id + "."));
    }

    /** Held until the transaction ends, so that no limit refers to what changes. 403 when one does. */
    RegisteredLimitRow requireUnused(Transaction tx, String id) {
        RegisteredLimitRow row = tx.lock(RegisteredLimitRow.class, id)
                .orElseThrow(() -> Fault.notFound("Could not find registered limit for " + id + "."));
        if (tx.count("select count(*) from LimitRow where registeredLimitId = :id", Map.of("id", id)) > 0) {
            throw Fault.forbidden("Unable to update or delete registered limit " + id
                    + " because there are project limits associated with it.");
        }
        return row;
    }

    /** The registered limit that a limit is to stand in for, held; 403 when there is none. */
    RegisteredLimitRow registered(Transaction tx, String serviceId, @Nullable String regionId, String resourceName) {
        Map<String, Object> key = Map.of(
                "service", serviceId, "region", Optional.ofNullable(regionId).orElse(""), "name", resourceName);
        return tx.first(
                        RegisteredLimitRow.class,
                        "from RegisteredLimitRow where serviceId = :service and coalesce(regionId, '') = :region"
                                + " and resourceName = :name",
                        key)
                .flatMap(row -> tx.lock(RegisteredLimitRow.class, row.id))
                .orElseThrow(
                        () -> Fault.forbidden("Unable to create a limit that has no corresponding registered limit."));
    }

    /** 403 when, by the strict model, a project of the limit's domain has more than the domain. */
    void requireHierarchy(Transaction tx, LimitRow row) {
        if (!model.strict()) {
            return;
        }
        RegisteredLimitRow registered =
                tx.lock(RegisteredLimitRow.class, row.registeredLimitId).orElseThrow();
        List<LimitRow> all = Selection.of(LimitRow.class)
                .where("registeredLimitId", row.registeredLimitId)
                .where("ownerDomainId", row.ownerDomainId)
                .list(tx);
        int ofDomain = all.stream()
                .filter(limit -> limit.domainId != null)
                .map(limit -> limit.resourceLimit)
                .findFirst()
                .orElse(registered.defaultLimit);
        if (all.stream()
                .filter(limit -> limit.projectId != null)
                .anyMatch(limit -> !LimitModel.fits(limit.resourceLimit, ofDomain))) {
            throw unfit(row);
        }
    }

    /** What holds for that project of the resources of that type of service; for one that is not known, what is registered. */
    public EffectiveLimits effective(Transaction tx, String serviceType, String region, Optional<ProjectRow> project) {
        List<String> services = Selection.of(ServiceRow.class).where("type", serviceType).list(tx).stream()
                .map(service -> service.id)
                .toList();
        List<RegisteredLimitRow> registered = Selection.of(RegisteredLimitRow.class)
                .whereIn("serviceId", services)
                .list(tx);
        String id = project.map(row -> row.id).orElse("");
        String domain = project.map(row -> row.domainId).orElse("");
        List<LimitRow> limits = Selection.of(LimitRow.class)
                .whereIn("serviceId", services)
                .and("(projectId = :project or domainId = :domain)", Map.of("project", id, "domain", domain))
                .list(tx);
        return EffectiveLimits.of(registered, limits, region, id, domain, model.strict());
    }

    private static FaultException unfit(LimitRow row) {
        String owner = row.projectId == null ? "domain_id: " + row.domainId : "project_id: " + row.projectId;
        return Fault.forbidden("Invalid resource limit: The resource limit (" + owner + ", resource_name: "
                + row.resourceName + ", resource_limit: " + row.resourceLimit + ", service_id: " + row.serviceId
                + ", region_id: " + Optional.ofNullable(row.regionId).orElse("None")
                + ") doesn't satisfy current hierarchy model..");
    }
}
