package io.nephos.scheduler.claim;

import io.nephos.contracts.scheduler.v1.Candidate;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.DryRunResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.FilterLoss;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.NearMiss;
import io.nephos.contracts.scheduler.v1.NumaCell;
import io.nephos.contracts.scheduler.v1.Placement;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.host.HostFacts;
import io.nephos.scheduler.host.HostRow;
import java.util.Optional;

/** The core's answers in the words of the contract. */
final class Messages {
    private Messages() {}

    static ClaimResponse response(Claims.Outcome outcome) {
        ClaimResponse.Builder response = ClaimResponse.newBuilder();
        outcome.placed().stream().findFirst().flatMap(Messages::placement).ifPresent(response::setPlacement);
        outcome.explanation().ifPresent(why -> response.setExplanation(explanation(why)));
        return response.build();
    }

    /** Empty when it has none. */
    static Optional<Placement> placement(Ask ask) {
        return ask.placed().map(host -> {
            Placement.Builder placement = Placement.newBuilder()
                    .setHost(host.name())
                    .setHostId(host.id())
                    .setAgentAddress(host.facts().agentAddress());
            for (CellShare share : ask.cells()) {
                placement.addCells(io.nephos.contracts.scheduler.v1.CellShare.newBuilder()
                        .setCell(share.cell())
                        .setCpus(share.cpus())
                        .setMemoryMib(share.memoryMib())
                        .addAllPinnedCpus(share.pinned()));
            }
            return placement.build();
        });
    }

    static Explanation explanation(Decision.Explanation explanation) {
        return Explanation.newBuilder()
                .setSummary(explanation.summary())
                .setHostsConsidered(explanation.considered())
                .addAllLosses(explanation.losses().stream()
                        .map(loss -> FilterLoss.newBuilder()
                                .setFilter(loss.filter())
                                .setHostsLost(loss.lost())
                                .setDetail(loss.detail())
                                .build())
                        .toList())
                .addAllNearest(explanation.nearest().stream()
                        .map(miss -> NearMiss.newBuilder()
                                .setHost(miss.host())
                                .putAllLacking(miss.lacking())
                                .addAllFailedFilters(miss.failed())
                                .build())
                        .toList())
                .build();
    }

    static DryRunResponse response(Claims.DryRun run) {
        return DryRunResponse.newBuilder()
                .addAllCandidates(run.candidates().stream()
                        .map(ranked -> Candidate.newBuilder()
                                .setHost(ranked.host().name())
                                .setHostId(ranked.host().id())
                                .setScore(ranked.score() / 1000.0)
                                .build())
                        .toList())
                .setExplanation(explanation(run.explanation()))
                .build();
    }

    static HostStatus status(HostRow row, Host host) {
        io.nephos.contracts.scheduler.v1.Host.Builder reported = io.nephos.contracts.scheduler.v1.Host.newBuilder()
                .setId(row.id)
                .setName(row.name)
                .setAgentAddress(row.agentAddress)
                .addAllTraits(host.traits().stream().sorted().toList())
                .setHypervisorType(row.hypervisorType)
                .setHypervisorVersion(row.hypervisorVersion)
                .setAvailabilityZone(host.availabilityZone())
                .setCpuInfo(row.cpuInfo)
                .setNode(row.node)
                .setAddress(row.address)
                .putAllProperties(HostFacts.properties(row.properties))
                .addAllNumaCells(host.facts().cells().stream()
                        .map(cell -> NumaCell.newBuilder()
                                .setNumber(cell.number())
                                .setCpus(cell.cpus())
                                .setPinnableCpus(cell.pinnable().size())
                                .addAllPinnableCpuIds(cell.pinnable())
                                .setMemoryMib(cell.memoryMib())
                                .build())
                        .toList())
                .setIoOps(row.ioOps);
        host.inventories()
                .forEach((resourceClass, inventory) -> reported.putInventories(
                        resourceClass,
                        Inventory.newBuilder()
                                .setTotal(inventory.total())
                                .setReserved(inventory.reserved())
                                .setAllocationRatio(inventory.allocationRatio())
                                .build()));
        return HostStatus.newBuilder()
                .setHost(reported)
                .setUp(row.isUp())
                .setForcedDown(row.forcedDown)
                .setEnabled(host.enabled())
                .setDisabledReason(host.enabled() ? "" : row.disabledReason)
                .putAllUsed(host.used())
                .setLastHeartbeat(row.lastHeartbeat.toInstant().toString())
                .build();
    }
}
