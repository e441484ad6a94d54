package io.nephos.block;

import io.nephos.rbd.Ceph;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.Optional;

/** A real Ceph cluster, as the service's second backend "ceph"; nothing where Debian's ceph packages are not installed. */
public class CephCluster implements QuarkusTestResourceLifecycleManager {
    private static final String CONFIGURATION = "nephos.test.ceph";
    private Optional<Ceph> ceph = Optional.empty();

    @Override
    public Map<String, String> start() {
        if (!Ceph.installed()) {
            return Map.of();
        }
        Ceph started = Ceph.start();
        ceph = Optional.of(started);
        System.setProperty(CONFIGURATION, started.configuration());
        return Map.of(
                "nephos.block.backends",
                "file,ceph",
                "nephos.block.backend.ceph.type",
                "rbd",
                "nephos.block.backend.ceph.conf",
                started.configuration());
    }

    @Override
    public void stop() {
        ceph.ifPresent(Ceph::close);
        System.clearProperty(CONFIGURATION);
    }

    public static Optional<String> configuration() {
        return Optional.ofNullable(System.getProperty(CONFIGURATION));
    }
}
