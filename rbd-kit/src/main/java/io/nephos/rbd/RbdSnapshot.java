package io.nephos.rbd;

/**
 * A protected snapshot, wherever it lies; what can be cloned, copy-on-write.
 *
 * @param fsid of the cluster
 */
public record RbdSnapshot(String fsid, String pool, String image, String name) {
    /** As Glance writes it: {@code rbd://FSID/POOL/IMAGE/SNAPSHOT}. */
    public String url() {
        return "rbd://" + fsid + "/" + pool + "/" + image + "/" + name;
    }
}
