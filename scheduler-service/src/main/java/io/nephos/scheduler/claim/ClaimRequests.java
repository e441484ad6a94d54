package io.nephos.scheduler.claim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.DryRunRequest;
import io.nephos.contracts.scheduler.v1.SchedulerHints;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Reads a ClaimRequest; a 400 fault (INVALID_ARGUMENT) says what is wrong with it. */
@ApplicationScoped
class ClaimRequests {
    private static final int MOST = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Object>> QUERY = new TypeReference<>() {};
    private final Database database;

    @Inject
    ClaimRequests(Database database) {
        this.database = database;
    }

    /** @param consumer takes the place of the claim's own */
    Request read(ClaimRequest claim, String consumer) {
        if (!Fields.isUuid(consumer)) {
            throw Fault.badRequest("consumer_id must be a UUID.");
        }
        return new Request(
                consumer,
                resources(claim),
                Set.copyOf(claim.getRequiredTraitsList()),
                Set.copyOf(claim.getForbiddenTraitsList()),
                claim.getAggregatesList().stream()
                        .map(choice -> Set.copyOf(choice.getIdsList()))
                        .toList(),
                present(claim.getAvailabilityZone()),
                Set.copyOf(claim.getExcludedHostsList()),
                present(claim.getForcedHost()),
                present(claim.getForcedNode()),
                claim.hasServerGroup() && !claim.getServerGroup().getGroupId().isEmpty()
                        ? Optional.of(group(claim.getServerGroup()))
                        : Optional.empty(),
                claim.hasHints() ? hints(claim.getHints()) : Request.Hints.NONE,
                new Request.Spec(
                        claim.getProjectId(),
                        claim.getFlavor().getName(),
                        claim.getFlavor().getExtraSpecsMap(),
                        claim.getImage().getId(),
                        claim.getImage().getPropertiesMap()));
    }

    /** @param limit how many hosts are named at most */
    record Dry(Request request, int limit) {}

    /** A question for which no consumer need be named. */
    Dry read(DryRunRequest dry) {
        int limit = dry.getLimit() == 0 ? 10 : dry.getLimit();
        if (limit < 1 || limit > MOST) {
            throw Fault.badRequest("limit is from 1 to " + MOST + ".");
        }
        String consumer = dry.getClaim().getConsumerId();
        return new Dry(
                read(dry.getClaim(), consumer.isEmpty() ? UUID.randomUUID().toString() : consumer), limit);
    }

    private static TreeMap<String, Long> resources(ClaimRequest claim) {
        TreeMap<String, Long> resources = new TreeMap<>();
        claim.getResourcesMap().forEach((resourceClass, amount) -> {
            if (amount < 0) {
                throw Fault.badRequest(resourceClass + " must not be negative.");
            }
            if (amount > 0) {
                resources.put(resourceClass, amount);
            }
        });
        if (resources.isEmpty()) {
            throw Fault.badRequest("A claim asks for some resource.");
        }
        return resources;
    }

    private Request.Hints hints(SchedulerHints hints) {
        Set<String> same = hostsOf(hints.getSameHostList());
        if (!hints.getSameHostList().isEmpty() && same.isEmpty()) {
            same = Set.of(""); // as Nova: with servers that are nowhere, nowhere
        }
        return new Request.Hints(
                same,
                hostsOf(hints.getDifferentHostList()),
                present(hints.getBuildNearHostIp())
                        .map(address -> new Request.Network(address, prefix(hints.getCidr()))),
                query(hints.getQuery()));
    }

    private Set<String> hostsOf(Collection<String> named) {
        List<String> consumers = named.stream().filter(Fields::isUuid).toList(); // others are nobody
        Set<String> hosts = new HashSet<>();
        if (!consumers.isEmpty()) {
            for (Row row : database.rows(
                    "select distinct h.name from allocation a join host h on h.id = a.provider_id"
                            + " where a.consumer_id = any($1)",
                    (Object) consumers.toArray(String[]::new))) {
                hosts.add(row.getString("name"));
            }
        }
        return hosts;
    }

    private static int prefix(String cidr) {
        String digits = cidr.startsWith("/") ? cidr.substring(1) : cidr;
        if (digits.isEmpty()) {
            return 24;
        }
        if (!digits.matches("[0-9]{1,3}")) {
            throw Fault.badRequest("'" + cidr + "' is not a prefix length such as /24.");
        }
        return Integer.parseInt(digits);
    }

    private static List<Object> query(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            return JSON.readValue(text, QUERY);
        } catch (JsonProcessingException e) {
            throw Fault.badRequest("The query of JsonFilter must be a JSON list.");
        }
    }

    private static ServerGroup group(ServerGroupHint hint) {
        if (hint.getGroupId().indexOf('\0') >= 0) {
            throw Fault.badRequest("group_id must not contain a NUL character.");
        }
        Map<String, Integer> members = new HashMap<>();
        hint.getMemberHostsList().forEach(host -> members.merge(host, 1, Integer::sum));
        return new ServerGroup(
                hint.getGroupId(),
                switch (hint.getPolicy()) {
                    case "affinity" -> ServerGroup.Policy.AFFINITY;
                    case "anti-affinity" -> ServerGroup.Policy.ANTI_AFFINITY;
                    case "soft-affinity" -> ServerGroup.Policy.SOFT_AFFINITY;
                    case "soft-anti-affinity" -> ServerGroup.Policy.SOFT_ANTI_AFFINITY;
                    default -> throw Fault.badRequest("'" + hint.getPolicy() + "' is not a policy of server groups.");
                },
                members,
                Math.max(1, hint.getMaxServerPerHost()));
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
