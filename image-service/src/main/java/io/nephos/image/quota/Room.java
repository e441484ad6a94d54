package io.nephos.image.quota;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * That there is room for a change, asked in the transaction that makes the change: of those that come at once no more find
 * room than there is. Without a limit it asks nothing and holds nobody up.
 */
public final class Room {
    /** For what is not counted. */
    public static final Room ENOUGH = new Room(List.of(), OptionalLong.empty());

    private static final long MIB = 1 << 20;
    private final List<Bound> bounds;
    private final OptionalLong bytes;

    /**
     * What some projects may have together.
     *
     * @param name of these projects; who asks for room of the same name waits
     */
    record Bound(String who, String name, List<String> projects, Map<Limit, Long> most) {}

    /** @param bounds the project's own before its domain's, so that those who wait never wait for each other */
    Room(List<Bound> bounds, OptionalLong bytes) {
        this.bounds = bounds.stream().filter(bound -> !bound.most().isEmpty()).toList();
        this.bytes = bytes;
    }

    /** 413 when there is none; else there is until the transaction ends, for nobody else is told so before. */
    public void require(Transaction tx) {
        require(tx, limit -> true);
    }

    /** As {@link #require}, of the bytes alone: they have come, and others may have come meanwhile. */
    public void requireForBytes(Transaction tx) {
        require(tx, limit -> !limit.counts());
    }

    private void require(Transaction tx, Predicate<Limit> asked) {
        for (Bound bound : bounds) {
            if (bound.most().keySet().stream().anyMatch(asked)) {
                tx.serialize("images of " + bound.name());
                Map<Limit, Long> used = Usage.of(tx, bound.projects());
                bound.most().keySet().stream()
                        .filter(asked)
                        .sorted()
                        .forEach(limit -> require(bound, limit, used.getOrDefault(limit, 0L)));
            }
        }
    }

    private void require(Bound bound, Limit limit, long now) {
        long most = bound.most().getOrDefault(limit, 0L);
        long more = limit.counts() ? 1 : Math.max(0, bytes.orElse(0)) / MIB;
        if (now + more > most || now >= most) {
            throw Fault.overLimit(
                    "",
                    bound.who() + " is over a limit for [Resource " + limit.wire() + " is over limit of " + most
                            + " due to current usage " + now + " and delta " + more + "]");
        }
    }
}
