package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Decision.Loss;
import io.nephos.scheduler.core.Decision.NearMiss;
import io.nephos.scheduler.core.HostTable.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Says why: what each filter loses of all hosts, one after the other, and which hosts came nearest. Who is refused waits for
 * this, so it asks the table's indexes; a filter that needs the host itself looks only at hosts that the filters before it
 * left, and at those that may be among the nearest.
 */
final class Explainer {
    private static final int NEAREST = 5;
    private static final Comparator<Miss> NEAREST_FIRST = Comparator.comparingInt(Miss::failed)
            .thenComparingDouble(Miss::distance)
            .thenComparing(Miss::name);

    private final HostTable table;
    private final List<Filter> filters;
    private final Request request;
    private final long[] all;
    /** How many filters each host is known not to pass, by slot. */
    private final int[] failed;

    private final List<Unasked> unasked = new ArrayList<>();
    private final List<Need> needs;

    Explainer(HostTable table, List<Filter> filters, Request request) {
        this.table = table;
        this.filters = filters;
        this.request = request;
        this.all = table.everyone().clone();
        this.failed = new int[all.length * HostTable.BLOCK];
        this.needs = request.resources().entrySet().stream()
                .map(need -> new Need(need.getKey(), need.getValue(), table.column(need.getKey())))
                .toList();
    }

    /** A filter that no index knows, and the hosts that it has not been asked about. */
    private record Unasked(Predicate<Host> filter, long[] hosts) {}

    private record Need(String resourceClass, long amount, Optional<Column> column) {
        long room(int slot) {
            return column.isPresent() ? column.get().room[slot] : 0;
        }
    }

    private record Miss(int slot, String name, int failed, double distance) {}

    Explanation explain() {
        List<Loss> losses = new ArrayList<>();
        long[] left = all.clone();
        for (Filter filter : filters) {
            int before = count(left);
            lose(filter, left);
            if (count(left) < before) {
                losses.add(new Loss(filter.name(), before - count(left), filter.loss(request)));
            }
        }
        for (Need need : needs) {
            lacking(need, left).ifPresent(losses::add);
        }
        return new Explanation(summary(losses), table.size(), List.copyOf(losses), nearest());
    }

    /** Drops from the mask who does not pass. */
    private void lose(Filter filter, long[] left) {
        long[] passing = all.clone();
        if (filter.narrow(table, request, passing)) {
            for (int block = 0; block < all.length; block++) {
                for (long bits = all[block] & ~passing[block]; bits != 0; bits &= bits - 1) {
                    failed[block * HostTable.BLOCK + Long.numberOfTrailingZeros(bits)]++;
                }
                left[block] &= passing[block];
            }
            return;
        }
        Predicate<Host> asked = filter.asked(request);
        long[] others = all.clone();
        for (int block = 0; block < left.length; block++) {
            others[block] &= ~left[block];
            for (long bits = left[block]; bits != 0; bits &= bits - 1) {
                int slot = block * HostTable.BLOCK + Long.numberOfTrailingZeros(bits);
                if (!asked.test(table.at(slot))) {
                    failed[slot]++;
                    left[block] &= ~Long.lowestOneBit(bits);
                }
            }
        }
        unasked.add(new Unasked(asked, others));
    }

    private Optional<Loss> lacking(Need need, long[] left) {
        int lost = 0;
        long most = 0;
        long largest = -1;
        for (int block = 0; block < left.length; block++) {
            for (long bits = left[block]; bits != 0; bits &= bits - 1) {
                int slot = block * HostTable.BLOCK + Long.numberOfTrailingZeros(bits);
                if (!fits(need, slot)) {
                    lost++;
                    most = Math.max(most, need.room(slot));
                    if (table.at(slot).inventories().containsKey(need.resourceClass())) {
                        largest = Math.max(largest, table.at(slot).largest(need.resourceClass()));
                    }
                }
            }
        }
        return lost == 0
                ? Optional.empty()
                : Optional.of(new Loss(need.resourceClass(), lost, lacks(need, lost == count(left), most, largest)));
    }

    /**
     * @param all no other hosts are left
     * @param most that is free on one of those that are lost
     * @param largest that one server could have on one of them if it were empty; -1 when they have none of it
     */
    private static String lacks(Need need, boolean all, long most, long largest) {
        if (largest < 0) {
            return "have no " + need.resourceClass() + " (needs " + need.amount() + ")";
        }
        return "lack " + need.resourceClass() + " (needs " + need.amount() + ", the most free on one "
                + (all ? "host" : "of them") + " is " + most
                + (need.amount() > largest && largest > most ? "; no server can have more than " + largest : "") + ")";
    }

    private boolean fits(Need need, int slot) {
        return table.uneven(slot)
                ? table.at(slot).fits(need.resourceClass(), need.amount())
                : need.room(slot) >= need.amount();
    }

    private String summary(List<Loss> losses) {
        if (table.size() == 0) {
            return "No valid host was found: no host has reported to the scheduler yet.";
        }
        return "No valid host was found: "
                + String.join(
                        "; ",
                        losses.stream()
                                .map(loss -> loss.lost() + " of " + table.size() + " hosts " + loss.detail())
                                .toList())
                + ".";
    }

    private List<NearMiss> nearest() {
        PriorityQueue<Miss> nearest = new PriorityQueue<>(NEAREST + 1, NEAREST_FIRST.reversed());
        for (int block = 0; block < all.length; block++) {
            for (long bits = all[block]; bits != 0; bits &= bits - 1) {
                offer(block * HostTable.BLOCK + Long.numberOfTrailingZeros(bits), nearest);
            }
        }
        return nearest.stream().sorted(NEAREST_FIRST).map(this::told).toList();
    }

    private void offer(int slot, PriorityQueue<Miss> nearest) {
        Miss farthest = nearest.size() < NEAREST ? null : nearest.peek();
        if (farthest != null && failed[slot] > farthest.failed()) {
            return;
        }
        double distance = distance(slot);
        String name = table.at(slot).name();
        if (farthest != null && failed[slot] == farthest.failed() && !nearer(distance, name, farthest)) {
            return;
        }
        askTheRest(slot);
        if (failed[slot] > 0 || distance > 0) {
            nearest.add(new Miss(slot, name, failed[slot], distance));
            if (nearest.size() > NEAREST) {
                nearest.remove();
            }
        }
    }

    private static boolean nearer(double distance, String name, Miss than) {
        int order = Double.compare(distance, than.distance());
        return order < 0 || order == 0 && name.compareTo(than.name()) < 0;
    }

    private void askTheRest(int slot) {
        long bit = 1L << slot;
        for (Unasked rest : unasked) {
            if ((rest.hosts()[slot >> 6] & bit) != 0 && !rest.filter().test(table.at(slot))) {
                failed[slot]++;
            }
        }
    }

    /** How much is missing of each class, as a part of what is needed; 0 when nothing is. */
    private double distance(int slot) {
        double distance = 0;
        for (Need need : needs) {
            if (!fits(need, slot)) {
                distance += (double) missing(need, slot) / need.amount();
            }
        }
        return distance;
    }

    private static long missing(Need need, int slot) {
        return Math.max(1, need.amount() - need.room(slot));
    }

    private NearMiss told(Miss miss) {
        Map<String, Long> lacking = new TreeMap<>();
        needs.stream()
                .filter(need -> !fits(need, miss.slot()))
                .forEach(need -> lacking.put(need.resourceClass(), missing(need, miss.slot())));
        Host host = table.at(miss.slot());
        return new NearMiss(
                host.name(),
                lacking,
                filters.stream()
                        .filter(filter -> !filter.passes(host, request))
                        .map(Filter::name)
                        .toList());
    }

    private static int count(long[] mask) {
        int count = 0;
        for (long word : mask) {
            count += Long.bitCount(word);
        }
        return count;
    }
}
