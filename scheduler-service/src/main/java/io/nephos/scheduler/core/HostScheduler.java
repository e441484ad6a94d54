package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Decision.Plan;
import io.nephos.scheduler.core.HostTable.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Filters and weighs as Nova's filter scheduler does; pure. The result is that of looking at every host, but most are
 * passed over by the table's indexes: the search keeps the best so far and skips every block that has nothing better.
 */
public final class HostScheduler {
    private final Filters filters;

    public HostScheduler(Filters filters) {
        this.filters = filters;
    }

    public Decision schedule(HostTable table, Request request) {
        Optional<Plan> plan = place(table, request);
        return plan.isPresent() ? plan.get() : explain(table, request);
    }

    /** As {@link #schedule}, for those who do not ask why there is no place. */
    public Optional<Plan> place(HostTable table, Request request) {
        return best(table, request).map(host -> plan(host, request));
    }

    private static Plan plan(Host host, Request request) {
        return new Plan(
                host,
                Topology.of(request).flatMap(topology -> topology.on(host)).orElse(List.of()));
    }

    /** Why no host will do, or, when one would, what each filter loses. */
    public Decision.Explanation explain(HostTable table, Request request) {
        return new Explainer(table, concerning(request), request).explain();
    }

    /** The best {@code most} hosts with their scores in thousandths, best first. */
    public List<Ranked> rank(HostTable table, Request request, int most) {
        table.refresh();
        Preference preference = Preference.of(table, request);
        List<Filter> asked = concerning(request);
        return table.hosts().stream()
                .filter(host -> host.fits(request.resources()))
                .filter(host -> asked.stream().allMatch(filter -> filter.passes(host, request)))
                .map(host -> new Ranked(host, preference.score(host)))
                .sorted((one, other) -> Long.compare(other.score(), one.score()))
                .limit(most)
                .toList();
    }

    public record Ranked(Host host, long score) {}

    private List<Filter> concerning(Request request) {
        return filters.concerning(request);
    }

    private Optional<Host> best(HostTable table, Request request) {
        table.refresh();
        long[] mask = table.everyone();
        List<Predicate<Host>> late = new ArrayList<>();
        for (Filter filter : concerning(request)) {
            if (!filter.narrow(table, request, mask)) {
                late.add(filter.asked(request));
            }
        }
        List<Column> columns = new ArrayList<>();
        for (String resourceClass : request.resources().keySet()) {
            Optional<Column> column = table.column(resourceClass);
            if (column.isEmpty()) {
                return Optional.empty();
            }
            columns.add(column.get());
        }
        return new Search(table, request, mask, late, columns).run();
    }

    /** One walk over the table. */
    private static final class Search {
        private final HostTable table;
        private final Request request;
        private final long[] mask;
        private final List<Predicate<Host>> late;
        private final Column[] columns;
        private final long[] needs;
        private final int[] tiers;
        private final Preference preference;
        private int best = -1;
        private long bestScore = Long.MIN_VALUE;

        Search(HostTable table, Request request, long[] mask, List<Predicate<Host>> late, List<Column> columns) {
            this.table = table;
            this.request = request;
            this.mask = mask;
            this.late = late;
            this.columns = columns.toArray(Column[]::new);
            this.needs = new long[columns.size()];
            this.tiers = new int[columns.size()];
            int i = 0;
            for (Map.Entry<String, Long> need : request.resources().entrySet()) {
                tiers[i] = Column.tier(need.getValue());
                needs[i++] = need.getValue();
            }
            this.preference = Preference.of(table, request);
        }

        Optional<Host> run() {
            preferred();
            // Among equals the first wins, so each consumer starts elsewhere.
            int start = (request.consumerId().hashCode() * 0x9E3779B9) >>> 1;
            int first = start % mask.length;
            int turn = (start >>> 8) & 63;
            for (int i = 0; i < mask.length; i++) {
                int block = first + i < mask.length ? first + i : first + i - mask.length;
                if (mask[block] != 0 && table.best(block) > bestScore && (few(mask[block]) || promising(block))) {
                    scan(block, turn);
                }
            }
            return best < 0 ? Optional.empty() : Optional.of(table.at(best));
        }

        /** The few hosts whose score depends on the request are looked at one by one, and not again. */
        private void preferred() {
            for (String name : preference.names()) {
                int slot = table.slotOf(name);
                if (slot >= 0 && (mask[slot >> 6] & 1L << slot) != 0) {
                    mask[slot >> 6] &= ~(1L << slot);
                    long score = preference.score(table.at(slot));
                    if (score > bestScore && fits(slot)) {
                        bestScore = score;
                        best = slot;
                    }
                }
            }
        }

        /** So few that looking at them costs less than asking whether to. */
        private static boolean few(long hosts) {
            return Long.bitCount(hosts) <= 4;
        }

        /** There is room, and of each class somebody better than the best so far has it. */
        private boolean promising(int block) {
            for (int i = 0; i < needs.length; i++) {
                if (columns[i].most[block] < needs[i]) {
                    return false;
                }
            }
            for (int i = 0; i < needs.length; i++) {
                if (columns[i].bestWith(block, tiers[i], table.scores) <= bestScore) {
                    return false;
                }
            }
            return true;
        }

        private void scan(int block, int turn) {
            int base = block * HostTable.BLOCK;
            for (long bits = Long.rotateRight(mask[block], turn); bits != 0; bits &= bits - 1) {
                int slot = base + ((Long.numberOfTrailingZeros(bits) + turn) & 63);
                long score = table.scores[slot];
                if (score > bestScore && fits(slot)) {
                    bestScore = score;
                    best = slot;
                }
            }
        }

        private boolean fits(int slot) {
            for (int i = 0; i < needs.length; i++) {
                if (columns[i].room[slot] < needs[i]) {
                    return false;
                }
            }
            if (table.uneven(slot) && !table.at(slot).fits(request.resources())) {
                return false;
            }
            if (late.isEmpty()) {
                return true;
            }
            Host host = table.at(slot);
            for (Predicate<Host> filter : late) {
                if (!filter.test(host)) {
                    return false;
                }
            }
            return true;
        }
    }
}
