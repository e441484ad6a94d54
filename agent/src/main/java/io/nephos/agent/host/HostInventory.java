package io.nephos.agent.host;

import io.nephos.agent.AgentConfig;
import io.nephos.agent.file.DurableFile;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorKind;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;

/**
 * What this host has. Memory comes from {@code /proc/meminfo}: libvirt's node information leaves out what is not
 * plugged yet.
 */
@ApplicationScoped
public class HostInventory {
    private final AgentConfig config;
    private final Hypervisor hypervisor;

    @Inject
    public HostInventory(AgentConfig config, Hypervisor hypervisor) {
        this.config = config;
        this.hypervisor = hypervisor;
    }

    /** The host as the scheduler is told of it. Throws when the hypervisor cannot be asked. */
    public Host host() {
        HypervisorKind kind = hypervisor.kind();
        HostFacts.Cpus cpus = HostFacts.cpus(read("/proc/cpuinfo"));
        Set<String> guestFlags = kind.hostCpu() ? cpus.flags() : Traits.NEHALEM;
        return Host.newBuilder()
                .setId(id())
                .setName(config.host())
                .setAgentAddress(config.address())
                .putInventories("VCPU", inventory(cpus.count(), 0, config.cpuAllocationRatio()))
                .putInventories(
                        "MEMORY_MB",
                        inventory(
                                HostFacts.memoryMib(read("/proc/meminfo")),
                                config.reservedMemoryMib(),
                                config.ramAllocationRatio()))
                .putInventories("DISK_GB", inventory(diskGib(), config.reservedDiskGib(), config.diskAllocationRatio()))
                .addAllTraits(Traits.of(guestFlags))
                .setHypervisorType(kind.type())
                .setHypervisorVersion(kind.version())
                .setAvailabilityZone(config.availabilityZone())
                .setCpuInfo(cpuInfo(cpus, kind, guestFlags))
                .build();
    }

    /** Kept, so that the host stays the same one when it is renamed. */
    private String id() {
        Path file = config.state().resolve("id");
        try {
            if (!Files.exists(file)) {
                DurableFile.directory(config.state());
                DurableFile.write(file, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long diskGib() {
        try {
            return Files.getFileStore(config.state()).getTotalSpace() >> 30;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cpuInfo(HostFacts.Cpus cpus, HypervisorKind kind, Set<String> flags) {
        return new JsonObject()
                .put("arch", "x86_64")
                .put("vendor", cpus.vendor())
                .put("model", kind.hostCpu() ? cpus.model() : kind.cpuModel())
                .put(
                        "topology",
                        new JsonObject()
                                .put("cells", 1)
                                .put("sockets", cpus.sockets())
                                .put("cores", cpus.coresPerSocket())
                                .put("threads", Math.max(1, cpus.count() / (cpus.sockets() * cpus.coresPerSocket()))))
                .put(
                        "features",
                        new JsonArray(new ArrayList<>(flags.stream().sorted().toList())))
                .encode();
    }

    private static Inventory inventory(long total, long reserved, double ratio) {
        return Inventory.newBuilder()
                .setTotal(total)
                .setReserved(Math.min(reserved, total))
                .setAllocationRatio(ratio)
                .build();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
