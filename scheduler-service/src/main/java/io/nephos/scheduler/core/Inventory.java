package io.nephos.scheduler.core;

/**
 * How much of a resource class there is, as Placement counts it.
 *
 * @param allocationRatio overcommit: what may be handed out is (total - reserved) times this
 * @param maxUnit the most that one consumer may hold
 */
public record Inventory(long total, long reserved, long minUnit, long maxUnit, long stepSize, double allocationRatio) {

    /** What may be handed out in all. */
    public long capacity() {
        return (long) ((total - reserved) * allocationRatio);
    }

    /** What one more consumer could get at most while that much is used. Never negative. */
    public long available(long used) {
        long most = Math.min(capacity() - used, maxUnit);
        long stepped = most - Math.floorMod(most, stepSize);
        return most < minUnit || stepped < minUnit ? 0 : stepped;
    }

    /** The amount obeys the units and fits beside what is used. */
    public boolean fits(long used, long amount) {
        return withinUnits(amount) && used + amount <= capacity();
    }

    /** The amount is one that a single consumer may ask for. */
    public boolean withinUnits(long amount) {
        return amount >= minUnit && amount <= maxUnit && amount % stepSize == 0;
    }
}
