package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Weigher.Scale;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All hosts, indexed for the question "which is the best that has room": a slot for each, columns of what is free and of
 * scores, bits for traits, zones and aggregates, and for each block of 64 slots the best score, the most room, and the best
 * score among those with so much room, so that a search passes over whole blocks, also when the best are the fullest. Hosts
 * are immutable and replaced one by one. For one thread at a time.
 */
public final class HostTable {
    static final int BLOCK = 64;
    private final Weights weights;
    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<String, Integer> slotsByName = new HashMap<>();
    private final Deque<Integer> gaps = new ArrayDeque<>();
    private final List<TreeMap<Long, Integer>> capacities = List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    private final Map<String, Column> columns = new HashMap<>();

    @Nullable
    Host[] hosts = new Host[BLOCK];

    long[] scores = new long[BLOCK];
    private long[] present = new long[1];
    private long[] open = new long[1];
    private long[] stale = new long[1];
    private long[] best = new long[1];
    private long[] uneven = new long[1];
    private long[] everyone = new long[1];
    private final Slots traits = new Slots(1);
    private final Slots zones = new Slots(1);
    private final Slots aggregates = new Slots(1);
    private int used;
    private boolean unscored;

    public HostTable(Weights weights) {
        this.weights = weights;
    }

    public static HostTable of(Weights weights, Collection<Host> hosts) {
        HostTable table = new HostTable(weights);
        hosts.forEach(table::put);
        return table;
    }

    /**
     * How much one more consumer could get of one resource class, by slot, and the most of each block. How good the best of a
     * block with so much room is, is only found out when a search wants to know.
     */
    static final class Column {
        /** Amounts are told apart in half powers of two. */
        private static final int TIERS = 64;

        long[] room;
        long[] most;
        private long[] bestWith;
        private boolean[] ranked;

        Column(int size) {
            room = new long[size];
            most = new long[size / BLOCK];
            bestWith = new long[size / BLOCK * TIERS];
            ranked = new boolean[size / BLOCK];
        }

        private void grow(int size) {
            room = Arrays.copyOf(room, size);
            most = Arrays.copyOf(most, size / BLOCK);
            bestWith = Arrays.copyOf(bestWith, size / BLOCK * TIERS);
            ranked = Arrays.copyOf(ranked, size / BLOCK);
        }

        /** Never falls when the amount grows. */
        static int tier(long amount) {
            if (amount <= 0) {
                return 0;
            }
            int log = 63 - Long.numberOfLeadingZeros(amount);
            int half = log == 0 ? 0 : (int) (amount >>> (log - 1)) & 1;
            return Math.min(TIERS - 1, 1 + 2 * log + half);
        }

        /** No slot of the block with room of that tier has a better score. */
        long bestWith(int block, int tier, long[] scores) {
            if (!ranked[block]) {
                rank(block, scores);
            }
            return bestWith[block * TIERS + tier];
        }

        private void rank(int block, long[] scores) {
            int from = block * TIERS;
            Arrays.fill(bestWith, from, from + TIERS, Long.MIN_VALUE);
            for (int slot = block * BLOCK; slot < (block + 1) * BLOCK; slot++) {
                int at = from + tier(room[slot]);
                bestWith[at] = Math.max(bestWith[at], scores[slot]);
            }
            for (int at = from + TIERS - 2; at >= from; at--) {
                bestWith[at] = Math.max(bestWith[at], bestWith[at + 1]);
            }
            ranked[block] = true;
        }
    }

    public int size() {
        return slots.size();
    }

    /** By name. */
    public List<Host> hosts() {
        List<Host> all = new ArrayList<>(size());
        new TreeMap<>(slotsByName).values().forEach(slot -> all.add(at(slot)));
        return all;
    }

    public Optional<Host> find(String id) {
        return Optional.ofNullable(slots.get(id)).map(this::at);
    }

    public Optional<Host> named(String name) {
        return Optional.ofNullable(slotsByName.get(name)).map(this::at);
    }

    /** Replaces what is known of the host, or takes it in. */
    public void put(Host host) {
        Integer known = slots.get(host.id());
        int slot = known == null ? take() : known;
        Host before = hosts[slot];
        if (known == null) {
            slots.put(host.id(), slot);
        }
        if (before == null || !sameCharacter(before, host)) {
            if (before != null) {
                forget(before, slot);
            }
            learn(host, slot);
        }
        hosts[slot] = host;
        for (Map.Entry<String, Inventory> entry : host.inventories().entrySet()) {
            room(entry.getKey()).room[slot] =
                    entry.getValue().available(host.used().getOrDefault(entry.getKey(), 0L));
        }
        if (!unscored) {
            scores[slot] = score(host);
        }
        stale[slot / BLOCK >> 6] |= 1L << (slot / BLOCK);
    }

    public void remove(String id) {
        Integer slot = slots.remove(id);
        if (slot == null) {
            return;
        }
        forget(at(slot), slot);
        hosts[slot] = null;
        present[slot >> 6] &= ~(1L << slot);
        scores[slot] = Long.MIN_VALUE;
        stale[slot / BLOCK >> 6] |= 1L << (slot / BLOCK);
        gaps.push(slot);
    }

    /** Nothing but what is allocated has changed between the two. */
    private static boolean sameCharacter(Host before, Host after) {
        return before.inventories() == after.inventories()
                && before.traits() == after.traits()
                && before.facts() == after.facts()
                && before.aggregates() == after.aggregates()
                && before.up() == after.up()
                && before.enabled() == after.enabled()
                && before.name().equals(after.name());
    }

    private void learn(Host host, int slot) {
        slotsByName.put(host.name(), slot);
        present[slot >> 6] |= 1L << slot;
        if (host.up() && host.enabled()) {
            open[slot >> 6] |= 1L << slot;
        }
        if (host.inventories().values().stream().anyMatch(of -> of.minUnit() > 1 || of.stepSize() > 1)) {
            uneven[slot >> 6] |= 1L << slot;
        }
        host.traits().forEach(trait -> traits.add(trait, slot));
        zones.add(host.availabilityZone(), slot);
        host.aggregates().forEach(aggregate -> aggregates.add(aggregate.id(), slot));
        count(0, host.capacity("VCPU"), 1);
        count(1, host.capacity("MEMORY_MB"), 1);
        count(2, host.capacity("DISK_GB"), 1);
    }

    private void forget(Host host, int slot) {
        slotsByName.remove(host.name(), slot);
        open[slot >> 6] &= ~(1L << slot);
        uneven[slot >> 6] &= ~(1L << slot);
        host.traits().forEach(trait -> traits.remove(trait, slot));
        zones.remove(host.availabilityZone(), slot);
        host.aggregates().forEach(aggregate -> aggregates.remove(aggregate.id(), slot));
        host.inventories().keySet().forEach(resourceClass -> room(resourceClass).room[slot] = 0);
        count(0, host.capacity("VCPU"), -1);
        count(1, host.capacity("MEMORY_MB"), -1);
        count(2, host.capacity("DISK_GB"), -1);
    }

    /** When the largest host changes, so do all scores. */
    private void count(int which, long capacity, int change) {
        TreeMap<Long, Integer> all = capacities.get(which);
        long before = all.isEmpty() ? 0 : all.lastKey();
        all.merge(capacity, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
        unscored |= before != (all.isEmpty() ? 0 : all.lastKey());
    }

    private int take() {
        if (!gaps.isEmpty()) {
            return gaps.pop();
        }
        if (used == hosts.length) {
            grow();
        }
        return used++;
    }

    private void grow() {
        int size = hosts.length * 2;
        hosts = Arrays.copyOf(hosts, size);
        scores = Arrays.copyOf(scores, size);
        int words = size / BLOCK;
        present = Arrays.copyOf(present, words);
        open = Arrays.copyOf(open, words);
        uneven = Arrays.copyOf(uneven, words);
        best = Arrays.copyOf(best, words);
        stale = Arrays.copyOf(stale, (words + 63) / 64);
        Arrays.fill(stale, -1);
        List.of(traits, zones, aggregates).forEach(each -> each.grow(words));
        columns.values().forEach(column -> column.grow(size));
    }

    private Column room(String resourceClass) {
        Column column = columns.get(resourceClass);
        if (column == null) {
            column = new Column(hosts.length);
            columns.put(resourceClass, column);
        }
        return column;
    }

    /** -1 when there is no host of that name. */
    int slotOf(String name) {
        return slotsByName.getOrDefault(name, -1);
    }

    Host at(int slot) {
        Host host = hosts[slot];
        if (host == null) {
            throw new IllegalStateException("There is no host in slot " + slot + ".");
        }
        return host;
    }

    long score(Host host) {
        return Weigher.score(host, scale(), weights);
    }

    Weights weights() {
        return weights;
    }

    private Scale scale() {
        return new Scale(largest(0), largest(1), largest(2));
    }

    private long largest(int which) {
        return capacities.get(which).isEmpty() ? 0 : capacities.get(which).lastKey();
    }

    /** The best score in a block. */
    long best(int block) {
        return best[block];
    }

    /** Empty when no host has any of that class. */
    Optional<Column> column(String resourceClass) {
        return Optional.ofNullable(columns.get(resourceClass));
    }

    /** To be called before a search: what changed since the last one is summed up. */
    void refresh() {
        if (unscored) {
            unscored = false;
            for (int slot = 0; slot < used; slot++) {
                Host host = hosts[slot];
                scores[slot] = host == null ? Long.MIN_VALUE : score(host);
            }
            Arrays.fill(stale, -1);
        }
        int blocks = (used + BLOCK - 1) / BLOCK;
        for (int word = 0; word < stale.length; word++) {
            for (long bits = stale[word]; bits != 0; bits &= bits - 1) {
                int block = word * 64 + Long.numberOfTrailingZeros(bits);
                if (block < blocks) {
                    sum(block);
                }
            }
            stale[word] = 0;
        }
    }

    private void sum(int block) {
        int from = block * BLOCK;
        int to = Math.min(used, from + BLOCK);
        long top = Long.MIN_VALUE;
        for (int slot = from; slot < to; slot++) {
            top = Math.max(top, scores[slot]);
        }
        best[block] = top;
        for (Column column : columns.values()) {
            long most = 0;
            for (int slot = from; slot < to; slot++) {
                most = Math.max(most, column.room[slot]);
            }
            column.most[block] = most;
            column.ranked[block] = false;
        }
    }

    /** A mask of all hosts, good until it is asked for again. */
    long[] everyone() {
        int words = Math.max(1, (used + BLOCK - 1) / BLOCK);
        if (everyone.length != words) {
            everyone = new long[words];
        }
        System.arraycopy(present, 0, everyone, 0, words);
        return everyone;
    }

    /** The host wants amounts in steps, or no small ones: room alone does not tell whether an amount fits. */
    boolean uneven(int slot) {
        return (uneven[slot >> 6] & 1L << slot) != 0;
    }

    void keepOpen(long[] mask) {
        for (int i = 0; i < mask.length; i++) {
            mask[i] &= open[i];
        }
    }

    void keepNamed(long[] mask, Iterable<String> names) {
        long[] only = new long[mask.length];
        for (String name : names) {
            Integer slot = slotsByName.get(name);
            if (slot != null) {
                only[slot >> 6] |= 1L << slot;
            }
        }
        for (int i = 0; i < mask.length; i++) {
            mask[i] &= only[i];
        }
    }

    void dropNamed(long[] mask, Iterable<String> names) {
        for (String name : names) {
            Integer slot = slotsByName.get(name);
            if (slot != null) {
                mask[slot >> 6] &= ~(1L << slot);
            }
        }
    }

    Slots traits() {
        return traits;
    }

    Slots zones() {
        return zones;
    }

    Slots aggregates() {
        return aggregates;
    }
}
