package io.nephos.rbd;

/**
 * How a pool is reached.
 *
 * @param configuration the cluster's ceph.conf; it says where the monitors and the user's key are
 * @param user without "client."
 * @param timeout seconds after which a cluster that does not answer is given up
 */
public record RbdSettings(String configuration, String user, String pool, int timeout) {}
