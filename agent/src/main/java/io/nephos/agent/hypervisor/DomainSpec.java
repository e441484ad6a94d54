package io.nephos.agent.hypervisor;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a domain shall be.
 *
 * @param name the domain's name
 * @param title the server's host name, for people
 * @param cells the guest's NUMA nodes; empty when it has none of its own
 * @param consoleLog where what the guest writes to its first serial port goes
 */
public record DomainSpec(
        String id,
        String name,
        String title,
        String projectId,
        int vcpus,
        long memoryMib,
        List<Cell> cells,
        RootDisk rootDisk,
        Path consoleLog,
        List<PortDevice> ports,
        List<VolumeDevice> volumes) {

    /**
     * A NUMA node of the guest.
     *
     * @param host number of the host's cell where it lies
     * @param cpus how many of the guest's CPUs are in it
     * @param pinned the host's CPUs, one for each of them; empty: any that the cell shares
     */
    public record Cell(int host, int cpus, long memoryMib, List<Integer> pinned) {
        public Cell {
            pinned = List.copyOf(pinned);
        }
    }

    public DomainSpec {
        cells = List.copyOf(cells);
        ports = List.copyOf(ports);
        volumes = List.copyOf(volumes);
    }

    /** Equal exactly when the domain to be defined is. */
    public String fingerprint() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
