package io.nephos.agent.host;

import io.nephos.agent.AgentConfig;
import io.nephos.agent.file.DurableFile;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorKind;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.NumaCell;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;

/**
 * What this host has. Memory comes from {@code /proc/meminfo}: libvirt's node information leaves out what is not
 * plugged yet.
 */
@ApplicationScoped
public class HostInventory {
    private final AgentConfig config;
    private final Hypervisor hypervisor;
    private final Workload workload;

    @Inject
    public HostInventory(AgentConfig config, Hypervisor hypervisor, Workload workload) {
        this.config = config;
        this.hypervisor = hypervisor;
        this.workload = workload;
    }

    /** The host as the scheduler is told of it. Throws when the hypervisor cannot be asked. */
    public Host host() {
        HypervisorKind kind = hypervisor.kind();
        HostFacts.Cpus cpus = HostFacts.cpus(read("/proc/cpuinfo"));
        Set<String> guestFlags = kind.hostCpu() ? cpus.flags() : Traits.NEHALEM;
        List<NumaCells.Cell> cells = NumaCells.ofThisHost();
        SortedSet<Integer> dedicated = dedicated(cells);
        Host.Builder host = Host.newBuilder();
        if (!dedicated.isEmpty()) {
            host.putInventories("PCPU", inventory(dedicated.size(), 0, 1));
        }
        if (dedicated.size() < cpus.count()) {
            host.putInventories("VCPU", inventory(cpus.count() - dedicated.size(), 0, config.cpuAllocationRatio()));
        }
        return host.setId(id())
                .setName(config.host())
                .setAgentAddress(config.address())
                .putInventories(
                        "MEMORY_MB",
                        inventory(
                                HostFacts.memoryMib(read("/proc/meminfo")),
                                config.reservedMemoryMib(),
                                config.ramAllocationRatio()))
                .putInventories("DISK_GB", inventory(diskGib(), config.reservedDiskGib(), config.diskAllocationRatio()))
                .addAllTraits(Traits.of(guestFlags, cpus.threadsPerCore() > 1))
                .setHypervisorType(kind.type())
                .setHypervisorVersion(kind.version())
                .setAvailabilityZone(config.availabilityZone())
                .setCpuInfo(cpuInfo(cpus, kind, guestFlags, cells.size()))
                .setAddress(config.address().substring(0, config.address().lastIndexOf(':')))
                .putAllProperties(properties(cpus, kind, cells.size()))
                .addAllNumaCells(cells.stream()
                        .map(cell -> numaCell(cell, dedicated, config.reservedMemoryMib() / cells.size()))
                        .toList())
                .setIoOps(workload.underWay())
                .build();
    }

    /** Those of the configuration that there are. */
    private SortedSet<Integer> dedicated(List<NumaCells.Cell> cells) {
        SortedSet<Integer> dedicated = NumaCells.cpus(config.dedicatedCpus().orElse(""));
        dedicated.removeIf(cpu -> cells.stream().noneMatch(cell -> cell.cpus().contains(cpu)));
        return dedicated;
    }

    /** What the cell has for servers. */
    static NumaCell numaCell(NumaCells.Cell cell, SortedSet<Integer> dedicated, long reservedMib) {
        List<Integer> pinnable =
                cell.cpus().stream().filter(dedicated::contains).toList();
        return NumaCell.newBuilder()
                .setNumber(cell.number())
                .setCpus(cell.cpus().size() - pinnable.size())
                .setPinnableCpus(pinnable.size())
                .addAllPinnableCpuIds(pinnable)
                .setMemoryMib(Math.max(0, cell.memoryMib() - cell.hugeMib() - reservedMib))
                .build();
    }

    /** Under Nova's names, for ComputeCapabilitiesFilter and JsonFilter, and what ImagePropertiesFilter compares. */
    private static Map<String, String> properties(HostFacts.Cpus cpus, HypervisorKind kind, int cells) {
        return Map.of(
                "arch",
                "x86_64",
                "guest_archs",
                "x86_64,i686",
                "vm_modes",
                "hvm",
                "cpu_info:arch",
                "x86_64",
                "cpu_info:vendor",
                cpus.vendor(),
                "cpu_info:model",
                kind.hostCpu() ? cpus.model() : kind.cpuModel(),
                "cpu_info:topology:cells",
                String.valueOf(Math.max(1, cells)),
                "cpu_info:topology:sockets",
                String.valueOf(cpus.sockets()),
                "cpu_info:topology:cores",
                String.valueOf(cpus.coresPerSocket()),
                "cpu_info:topology:threads",
                String.valueOf(cpus.threadsPerCore()));
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

    private static String cpuInfo(HostFacts.Cpus cpus, HypervisorKind kind, Set<String> flags, int cells) {
        return new JsonObject()
                .put("arch", "x86_64")
                .put("vendor", cpus.vendor())
                .put("model", kind.hostCpu() ? cpus.model() : kind.cpuModel())
                .put(
                        "topology",
                        new JsonObject()
                                .put("cells", Math.max(1, cells))
                                .put("sockets", cpus.sockets())
                                .put("cores", cpus.coresPerSocket())
                                .put("threads", cpus.threadsPerCore()))
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
