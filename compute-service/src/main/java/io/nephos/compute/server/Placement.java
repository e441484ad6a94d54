package io.nephos.compute.server;

import io.nephos.compute.api.Json;
import io.nephos.compute.group.ServerGroupRow;
import io.nephos.compute.peer.Scheduler;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.FilterLoss;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks the scheduler where a server can run. */
@ApplicationScoped
public class Placement {
    private static final String TRAIT = "trait:";
    private final Scheduler scheduler;
    private final Database db;

    @Inject
    public Placement(Scheduler scheduler, Database db) {
        this.scheduler = scheduler;
        this.db = db;
    }

    /** A host, or why there is none. */
    sealed interface Answer {
        record Placed(String host, String hostId, String agentAddress) implements Answer {}

        record NoHost(String message) implements Answer {}
    }

    Answer claim(Server server) {
        ServerRow row = server.row();
        ClaimRequest.Builder request = ClaimRequest.newBuilder()
                .setConsumerId(row.id)
                .setProjectId(row.projectId)
                .setUserId(row.userId)
                .putResources("VCPU", row.vcpus)
                .putResources("MEMORY_MB", row.memoryMib)
                .setAvailabilityZone(row.wantedZone)
                .addAllExcludedHosts(Json.list(row.excludedHosts))
                .setForcedHost(row.forcedHost)
                .setCaller(ServerStore.caller(row));
        long disk = disk(server);
        if (disk > 0) {
            request.putResources("DISK_GB", disk);
        }
        Json.texts(row.extraSpecs).forEach((key, value) -> {
            if (key.startsWith(TRAIT) && value.equals("required")) {
                request.addRequiredTraits(key.substring(TRAIT.length()));
            } else if (key.startsWith(TRAIT) && value.equals("forbidden")) {
                request.addForbiddenTraits(key.substring(TRAIT.length()));
            }
        });
        group(row).ifPresent(request::setServerGroup);
        ClaimResponse response = scheduler.claim(request.build());
        return switch (response.getOutcomeCase()) {
            case PLACEMENT ->
                new Answer.Placed(
                        response.getPlacement().getHost(),
                        response.getPlacement().getHostId(),
                        response.getPlacement().getAgentAddress());
            case EXPLANATION, OUTCOME_NOT_SET ->
                new Answer.NoHost(message(response.getExplanation(), row.attempts, row.lastError));
        };
    }

    /** For the user: which resource lacked how much on how many hosts, as the scheduler's one sentence has it. Pure. */
    static String message(Explanation explanation, int attempts, String lastError) {
        String summary = explanation.getSummary();
        if (summary.isEmpty()) {
            summary = explanation.getHostsConsidered() + " hosts were considered: "
                    + explanation.getLossesList().stream().map(Placement::loss).collect(Collectors.joining("; "));
        }
        String sentence =
                summary.startsWith("No valid host was found") ? summary : "No valid host was found. " + summary;
        return attempts == 0
                ? sentence
                : sentence + " " + attempts + (attempts == 1 ? " host was" : " hosts were") + " tried before: "
                        + lastError;
    }

    private static String loss(FilterLoss loss) {
        return loss.getFilter() + " lost " + loss.getHostsLost() + (loss.getHostsLost() == 1 ? " host" : " hosts")
                + (loss.getDetail().isEmpty() ? "" : ": " + loss.getDetail());
    }

    /** GiB on the host's own disk; a root disk that is a volume takes none of it. */
    private static long disk(Server server) {
        long swap = (server.row().swapMib + 1023) / 1024;
        return (server.row().imageId.isEmpty() ? 0 : server.row().rootGib) + server.row().ephemeralGib + swap;
    }

    private Optional<ServerGroupHint> group(ServerRow row) {
        if (row.groupId.isEmpty()) {
            return Optional.empty();
        }
        return db.read(tx -> tx.find(ServerGroupRow.class, row.groupId).map(group -> {
            List<String> hosts = tx.list(
                    String.class,
                    "select distinct host from ServerRow where groupId = :g and host <> '' and id <> :s",
                    Map.of("g", group.id, "s", row.id));
            return ServerGroupHint.newBuilder()
                    .setGroupId(group.id)
                    .setPolicy(group.policy)
                    .addAllMemberHosts(hosts)
                    .build();
        }));
    }
}
