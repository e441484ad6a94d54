package io.nephos.scheduler.core;

/**
 * Nova's weight multipliers. Positive spreads, negative packs, 0 leaves the weigher out.
 *
 * @param ram of free MEMORY_MB
 * @param cpu of free VCPU
 * @param disk of free DISK_GB
 * @param softAffinity of members of a soft-affinity group on the host
 * @param softAntiAffinity of the absence of members of a soft-anti-affinity group
 */
public record Weights(double ram, double cpu, double disk, double softAffinity, double softAntiAffinity) {
    public static final Weights SPREAD = new Weights(1, 1, 1, 1, 1);
}
