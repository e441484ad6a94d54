package io.nephos.agent.libvirt;

import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.rbd.RbdAccess;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.libvirt.Secret;

/**
 * How QEMU reaches the Ceph cluster: as this host's configuration says, with a key that is given to libvirt as a secret, so
 * that it stands in no domain's XML and on no command line.
 */
final class CephSecret implements Supplier<RbdAccess> {
    private final LibvirtConnection connection;
    private final Supplier<Optional<RbdAccess>> configured;
    private @Nullable RbdAccess given;

    CephSecret(LibvirtConnection connection, Supplier<Optional<RbdAccess>> configured) {
        this.connection = connection;
        this.configured = configured;
    }

    /** The same for the same user: the agent of an earlier run has named it in domains. */
    static UUID id(String user) {
        return UUID.nameUUIDFromBytes(("nephos ceph client." + user).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized RbdAccess get() {
        RbdAccess access = configured
                .get()
                .orElseThrow(() -> new HypervisorException.Refused("this host is not configured for disks in Ceph"));
        if (access.key().isPresent() && !access.equals(given)) {
            byte[] key = Base64.getDecoder().decode(access.key().get());
            String xml = "<secret ephemeral='no' private='yes'><uuid>" + id(access.user())
                    + "</uuid><description>of Nephos, for disks in Ceph</description>"
                    + "<usage type='ceph'><name>nephos client." + access.user() + "</name></usage></secret>";
            connection.call("define the secret of Ceph", connect -> {
                Secret secret = connect.secretDefineXML(xml);
                try {
                    return secret.setValue(key);
                } finally {
                    secret.free();
                }
            });
            given = access;
        }
        return access;
    }
}
