package io.nephos.agent.libvirt;

import io.nephos.agent.host.NumaCells;
import io.nephos.agent.hypervisor.DomainSpec;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Where guests' CPUs and memory lie, in libvirt's XML. Who has dedicated CPUs is alone on them: all others are kept to the
 * shared ones. Pure.
 *
 * @param cells of this host
 * @param dedicated CPUs that are given to one guest CPU each
 */
public record CpuPlacement(List<NumaCells.Cell> cells, SortedSet<Integer> dedicated) {
    /** {@code <vcpu>}, {@code <cputune>} and {@code <numatune>}. */
    String tuning(DomainSpec spec) {
        String shared = cells.stream()
                .map(cell -> cell.shared(dedicated))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(","));
        boolean keptApart = !dedicated.isEmpty() && !shared.isEmpty();
        String vcpu = "<vcpu placement='static'%s>%d</vcpu>"
                .formatted(keptApart && spec.cells().isEmpty() ? " cpuset='" + shared + "'" : "", spec.vcpus());
        if (spec.cells().isEmpty()) {
            return vcpu;
        }
        StringBuilder pins = new StringBuilder();
        StringBuilder memory = new StringBuilder();
        int cpu = 0;
        int node = 0;
        for (DomainSpec.Cell cell : spec.cells()) {
            for (int at = 0; at < cell.cpus(); at++) {
                String set =
                        at < cell.pinned().size() ? String.valueOf(cell.pinned().get(at)) : sharedOf(cell.host());
                if (!set.isEmpty()) {
                    pins.append("<vcpupin vcpu='%d' cpuset='%s'/>".formatted(cpu, set));
                }
                cpu++;
            }
            memory.append("<memnode cellid='%d' mode='strict' nodeset='%d'/>".formatted(node++, cell.host()));
        }
        String nodes = spec.cells().stream()
                .map(cell -> String.valueOf(cell.host()))
                .distinct()
                .collect(Collectors.joining(","));
        return vcpu + "<cputune>" + pins + (keptApart ? "<emulatorpin cpuset='" + shared + "'/>" : "") + "</cputune>"
                + "<numatune><memory mode='strict' nodeset='" + nodes + "'/>" + memory + "</numatune>";
    }

    /** {@code <numa>} of the guest's {@code <cpu>}; empty when it has no nodes of its own. */
    static String topology(DomainSpec spec) {
        if (spec.cells().isEmpty()) {
            return "";
        }
        StringBuilder nodes = new StringBuilder("<numa>");
        int cpu = 0;
        int node = 0;
        for (DomainSpec.Cell cell : spec.cells()) {
            nodes.append("<cell id='%d' cpus='%d-%d' memory='%d' unit='MiB'/>"
                    .formatted(node++, cpu, cpu + cell.cpus() - 1, cell.memoryMib()));
            cpu += cell.cpus();
        }
        return nodes.append("</numa>").toString();
    }

    private String sharedOf(int number) {
        return cells.stream()
                .filter(cell -> cell.number() == number)
                .map(cell -> cell.shared(dedicated))
                .findFirst()
                .orElse("");
    }
}
