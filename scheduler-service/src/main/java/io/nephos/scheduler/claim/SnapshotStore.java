package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Snapshot;
import io.nephos.scheduler.host.HostRow;
import io.nephos.scheduler.host.HostStore;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Hosts as the scheduler's core sees them, read from the books. */
@ApplicationScoped
public class SnapshotStore {
    /** Set on a provider by an operator: nothing new goes there. Nova's mark of a disabled compute service. */
    public static final String DISABLED = "COMPUTE_STATUS_DISABLED";

    private final HostStore hosts;
    private final ProviderStore providers;

    @Inject
    public SnapshotStore(HostStore hosts, ProviderStore providers) {
        this.hosts = hosts;
        this.providers = providers;
    }

    public Snapshot current() {
        return of(hosts.all());
    }

    Snapshot of(List<HostRow> rows) {
        Map<String, Provider> byId =
                providers.ofHosts().stream().collect(Collectors.toMap(Provider::id, Function.identity()));
        return new Snapshot(rows.stream()
                .flatMap(row -> Optional.ofNullable(byId.get(row.id)).map(provider -> host(row, provider)).stream())
                .toList());
    }

    private static Host host(HostRow row, Provider provider) {
        return new Host(
                row.id,
                row.name,
                provider.generation(),
                row.agentAddress,
                row.availabilityZone,
                row.up,
                !provider.traits().contains(DISABLED),
                provider.inventories(),
                provider.used(),
                provider.traits());
    }
}
