package io.nephos.block.rbd;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.BackendKind;
import io.nephos.block.file.RawImages;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;

/**
 * Backends of type rbd. Settings: pool (volumes), user (cinder; its key is found through the configuration), conf
 * (/etc/ceph/ceph.conf), timeout (30; seconds after which a cluster that does not answer is given up).
 */
@ApplicationScoped
public class RbdKind implements BackendKind {
    private final RawImages images;

    @Inject
    public RbdKind(RawImages images) {
        this.images = images;
    }

    @Override
    public String type() {
        return "rbd";
    }

    @Override
    public Backend make(String name, Config config) {
        String prefix = "nephos.block.backend." + name + ".";
        RbdPool pool = new RbdPool(new RbdSettings(
                config.getOptionalValue(prefix + "conf", String.class).orElse("/etc/ceph/ceph.conf"),
                config.getOptionalValue(prefix + "user", String.class).orElse("cinder"),
                config.getOptionalValue(prefix + "pool", String.class).orElse("volumes"),
                config.getOptionalValue(prefix + "timeout", Integer.class).orElse(30)));
        return new RbdBackend(name, pool, images);
    }
}
