package io.nephos.image.backend;

import io.nephos.rbd.Ceph;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One more store for a service under test, "ceph", in a real cluster; none where Debian's ceph packages are not installed. */
final class CephStore implements AutoCloseable {
    private static final String CONFIGURATION = "nephos.test.ceph";
    private final Optional<Ceph> ceph = Ceph.installed() ? Optional.of(Ceph.start()) : Optional.empty();

    /** The settings with that store in them. */
    Map<String, String> added(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        ceph.ifPresent(cluster -> {
            System.setProperty(CONFIGURATION, cluster.configuration());
            all.merge("nephos.image.stores", "ceph", (others, another) -> others + "," + another);
            all.put("nephos.image.store.ceph.type", "rbd");
            all.put("nephos.image.store.ceph.conf", cluster.configuration());
        });
        return all;
    }

    static boolean running() {
        return System.getProperty(CONFIGURATION) != null;
    }

    /** As block-service sees that pool. */
    static RbdPool volumes() {
        return new RbdPool(new RbdSettings(System.getProperty(CONFIGURATION), "cinder", "volumes", 10));
    }

    @Override
    public void close() {
        ceph.ifPresent(Ceph::close);
        System.clearProperty(CONFIGURATION);
    }
}
