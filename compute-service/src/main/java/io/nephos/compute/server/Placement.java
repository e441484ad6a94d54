package io.nephos.compute.server;

import io.nephos.compute.api.Json;
import io.nephos.compute.group.ServerGroupRow;
import io.nephos.compute.peer.Scheduler;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.FilterLoss;
import io.nephos.contracts.scheduler.v1.FlavorSpec;
import io.nephos.contracts.scheduler.v1.ImageSpec;
import io.nephos.contracts.scheduler.v1.NearMiss;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks the scheduler where servers can run. */
@ApplicationScoped
public class Placement {
    private final Scheduler scheduler;
    private final Database db;

    @Inject
    public Placement(Scheduler scheduler, Database db) {
        this.scheduler = scheduler;
        this.db = db;
    }

    /** A host, or why there is none. */
    sealed interface Answer {
        /** @param cells as {@link GuestCells} writes them */
        record Placed(String host, String hostId, String agentAddress, String cells) implements Answer {}

        /**
         * @param message for the user: no host names
         * @param details for administrators: what the nearest hosts lack, by name
         */
        record NoHost(String message, String details) implements Answer {}
    }

    Answer claim(Server server) {
        ServerRow row = server.row();
        Demand demand = demand(server);
        if (demand.impossible().isPresent()) {
            return cannot(demand.impossible().get());
        }
        ClaimResponse response = scheduler.claim(
                request(server, demand).toBuilder().setConsumerId(row.id).build());
        return switch (response.getOutcomeCase()) {
            case PLACEMENT -> placed(response.getPlacement());
            case EXPLANATION, OUTCOME_NOT_SET ->
                new Answer.NoHost(
                        message(response.getExplanation(), row.attempts, row.lastError),
                        details(response.getExplanation()));
        };
    }

    /** For servers of one request, which want the same: at least {@code min} of them have a host, or none. By server. */
    Map<String, Answer> claim(List<Server> servers, int min) {
        Server first = servers.getFirst();
        Demand demand = demand(first);
        Map<String, Answer> answers = new HashMap<>();
        if (demand.impossible().isPresent()) {
            servers.forEach(server ->
                    answers.put(server.row().id, cannot(demand.impossible().get())));
            return answers;
        }
        ClaimManyResponse response = scheduler.claimMany(ClaimManyRequest.newBuilder()
                .setClaim(request(first, demand))
                .addAllConsumerIds(
                        servers.stream().map(server -> server.row().id).toList())
                .setMinCount(min)
                .build());
        Answer none = new Answer.NoHost(message(response.getExplanation(), 0, ""), details(response.getExplanation()));
        servers.forEach(server -> answers.put(server.row().id, none));
        response.getPlacedList().forEach(placed -> answers.put(placed.getConsumerId(), placed(placed.getPlacement())));
        return answers;
    }

    private ClaimRequest request(Server server, Demand demand) {
        ServerRow row = server.row();
        SchedulerHints hints = SchedulerHints.stored(row.schedulerHints);
        ClaimRequest.Builder request = ClaimRequest.newBuilder()
                .setProjectId(row.projectId)
                .setUserId(row.userId)
                .putAllResources(demand.resources())
                .addAllRequiredTraits(demand.required())
                .addAllForbiddenTraits(demand.forbidden())
                .setAvailabilityZone(row.wantedZone)
                .addAllExcludedHosts(Json.list(row.excludedHosts))
                .setForcedHost(row.forcedHost)
                .setForcedNode(row.forcedNode)
                .setFlavor(FlavorSpec.newBuilder().setName(row.flavorName).putAllExtraSpecs(demand.extraSpecs()))
                .setImage(ImageSpec.newBuilder().setId(row.imageId).putAllProperties(Json.texts(row.imageProperties)))
                .setCaller(ServerStore.caller(row));
        request.getHintsBuilder()
                .addAllSameHost(hints.sameHost())
                .addAllDifferentHost(hints.differentHost())
                .setBuildNearHostIp(hints.nearHostIp())
                .setCidr(hints.cidr())
                .setQuery(hints.query());
        group(row).ifPresent(request::setServerGroup);
        return request.build();
    }

    private static Demand demand(Server server) {
        ServerRow row = server.row();
        Map<String, Long> plain = new TreeMap<>();
        plain.put("VCPU", (long) row.vcpus);
        plain.put("MEMORY_MB", (long) row.memoryMib);
        plain.put("DISK_GB", disk(row));
        return Demand.of(plain, Json.texts(row.extraSpecs), Json.texts(row.imageProperties));
    }

    private static Answer placed(io.nephos.contracts.scheduler.v1.Placement placement) {
        return new Answer.Placed(
                placement.getHost(),
                placement.getHostId(),
                placement.getAgentAddress(),
                GuestCells.text(placement.getCellsList()));
    }

    private static Answer cannot(String why) {
        return new Answer.NoHost("No valid host was found: " + why + ".", "");
    }

    /** For the user: which resource lacked how much on how many hosts, as the scheduler's one sentence has it. Pure. */
    static String message(Explanation explanation, int attempts, String lastError) {
        String summary = explanation.getSummary();
        if (summary.isEmpty()) {
            summary = explanation.getHostsConsidered() + " hosts were considered: "
                    + explanation.getLossesList().stream().map(Placement::loss).collect(Collectors.joining("; "));
        }
        StringBuilder sentence = new StringBuilder(
                summary.startsWith("No valid host was found") ? summary : "No valid host was found. " + summary);
        if (explanation.getNearestCount() > 0) {
            sentence.append(" The nearest host ")
                    .append(failings(explanation.getNearest(0)))
                    .append('.');
        }
        if (attempts > 0) {
            sentence.append(' ')
                    .append(attempts)
                    .append(attempts == 1 ? " host was" : " hosts were")
                    .append(" tried before: ")
                    .append(lastError);
        }
        return sentence.toString();
    }

    /** For administrators: the constraints by name, and the nearest hosts. Pure. */
    static String details(Explanation explanation) {
        List<String> lines = new ArrayList<>();
        explanation.getLossesList().forEach(loss -> lines.add(loss(loss)));
        explanation.getNearestList().forEach(miss -> lines.add(miss.getHost() + " " + failings(miss)));
        return String.join("\n", lines);
    }

    private static String failings(NearMiss miss) {
        List<String> all = new ArrayList<>();
        if (miss.getFailedFiltersCount() > 0) {
            all.add("fails " + String.join(", ", miss.getFailedFiltersList()));
        }
        if (miss.getLackingCount() > 0) {
            all.add("lacks "
                    + new TreeMap<>(miss.getLackingMap())
                            .entrySet().stream()
                                    .map(lack -> lack.getValue() + " " + lack.getKey())
                                    .collect(Collectors.joining(", ")));
        }
        return String.join(" and ", all);
    }

    private static String loss(FilterLoss loss) {
        return loss.getFilter() + " lost " + loss.getHostsLost() + (loss.getHostsLost() == 1 ? " host" : " hosts")
                + (loss.getDetail().isEmpty() ? "" : ": " + loss.getDetail());
    }

    /** GiB on the host's own disk; a root disk that is a volume takes none of it. */
    private static long disk(ServerRow row) {
        long swap = (row.swapMib + 1023) / 1024;
        return (row.imageId.isEmpty() ? 0 : row.rootGib) + row.ephemeralGib + swap;
    }

    private Optional<ServerGroupHint> group(ServerRow row) {
        if (row.groupId.isEmpty()) {
            return Optional.empty();
        }
        return db.read(tx -> tx.find(ServerGroupRow.class, row.groupId).map(group -> {
            List<String> hosts = tx.list(
                    String.class,
                    "select host from ServerRow where groupId = :g and host <> '' and id <> :s",
                    Map.of("g", group.id, "s", row.id));
            ServerGroupHint.Builder hint = ServerGroupHint.newBuilder()
                    .setGroupId(group.id)
                    .setPolicy(group.policy)
                    .addAllMemberHosts(hosts);
            if (group.maxPerHost != null) {
                hint.setMaxServerPerHost(group.maxPerHost);
            }
            return hint.build();
        }));
    }
}
