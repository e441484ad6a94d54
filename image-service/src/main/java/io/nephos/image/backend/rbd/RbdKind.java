package io.nephos.image.backend.rbd;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.BackendKind;
import io.nephos.image.backend.BackendSettings;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Stores of type rbd. Settings: pool (images), user (glance; its key is found through the configuration), conf
 * (/etc/ceph/ceph.conf), timeout (30; seconds after which a cluster that does not answer is given up).
 */
@ApplicationScoped
public class RbdKind implements BackendKind {
    @Override
    public String type() {
        return "rbd";
    }

    @Override
    public Backend make(BackendSettings settings) {
        RbdPool pool = new RbdPool(new RbdSettings(
                settings.text("conf", "/etc/ceph/ceph.conf"),
                settings.text("user", "glance"),
                settings.text("pool", "images"),
                settings.number("timeout", 30, 1, 600)));
        return new RbdBackend(settings.id(), settings.text("description", "Block images of a Ceph pool"), pool);
    }
}
