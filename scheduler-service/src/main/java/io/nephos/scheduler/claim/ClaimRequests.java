package io.nephos.scheduler.claim;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads a ClaimRequest; INVALID_ARGUMENT says what is wrong with it. */
final class ClaimRequests {
    private ClaimRequests() {}

    static Request read(ClaimRequest claim) {
        if (!Fields.isUuid(claim.getConsumerId())) {
            throw invalid("consumer_id must be a UUID.");
        }
        TreeMap<String, Long> resources = new TreeMap<>();
        claim.getResourcesMap().forEach((resourceClass, amount) -> {
            if (amount < 0) {
                throw invalid(resourceClass + " must not be negative.");
            }
            if (amount > 0) {
                resources.put(resourceClass, amount);
            }
        });
        if (resources.isEmpty()) {
            throw invalid("A claim asks for some resource.");
        }
        return new Request(
                claim.getConsumerId(),
                resources,
                Set.copyOf(claim.getRequiredTraitsList()),
                Set.copyOf(claim.getForbiddenTraitsList()),
                present(claim.getAvailabilityZone()),
                Set.copyOf(claim.getExcludedHostsList()),
                present(claim.getForcedHost()),
                claim.hasServerGroup() && !claim.getServerGroup().getGroupId().isEmpty()
                        ? Optional.of(group(claim.getServerGroup()))
                        : Optional.empty());
    }

    private static ServerGroup group(ServerGroupHint hint) {
        Map<String, Integer> members = new HashMap<>();
        hint.getMemberHostsList().forEach(host -> members.merge(host, 1, Integer::sum));
        return new ServerGroup(
                hint.getGroupId(),
                switch (hint.getPolicy()) {
                    case "affinity" -> ServerGroup.Policy.AFFINITY;
                    case "anti-affinity" -> ServerGroup.Policy.ANTI_AFFINITY;
                    case "soft-affinity" -> ServerGroup.Policy.SOFT_AFFINITY;
                    case "soft-anti-affinity" -> ServerGroup.Policy.SOFT_ANTI_AFFINITY;
                    default -> throw invalid("'" + hint.getPolicy() + "' is not a policy of server groups.");
                },
                members);
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }

    private static StatusRuntimeException invalid(String message) {
        return new StatusRuntimeException(Status.INVALID_ARGUMENT.withDescription(message));
    }
}
