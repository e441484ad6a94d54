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
 * @param consoleLog where what the guest writes to its first serial port goes
 */
public record DomainSpec(
        String id,
        String name,
        String title,
        String projectId,
        int vcpus,
        long memoryMib,
        RootDisk rootDisk,
        Path consoleLog,
        List<PortDevice> ports,
        List<VolumeDevice> volumes) {

    public DomainSpec {
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
