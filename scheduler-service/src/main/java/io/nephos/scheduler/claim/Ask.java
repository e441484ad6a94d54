package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One consumer that wants a place, and what has become of that. */
final class Ask {
    private final Claimant claimant;
    private final Request request;
    private final Optional<String> migration;
    private boolean known;
    private boolean replaces;
    private @Nullable Host placed;
    private List<CellShare> cells = List.of();

    /**
     * Who claims for whom.
     *
     * @param service knows whether the consumer still exists
     * @param consumerType as Placement shows it, for example INSTANCE
     * @param wish what was asked for, as {@link Wishes#text} has it
     */
    record Claimant(String service, String projectId, String userId, String consumerType, String wish) {}

    /** @param migration under whose id the place is held that the consumer has now */
    Ask(Request request, Claimant claimant, Optional<String> migration) {
        this.request = request;
        this.claimant = claimant;
        this.migration = migration;
        // Who names hosts that failed, or moves, has held something already.
        this.known = !request.excludedHosts().isEmpty() || migration.isPresent();
        this.replaces = migration.isPresent();
    }

    String consumer() {
        return request.consumerId();
    }

    Claimant claimant() {
        return claimant;
    }

    Request request() {
        return request;
    }

    Optional<String> migration() {
        return migration;
    }

    Optional<String> group() {
        return request.serverGroup().map(ServerGroup::id);
    }

    /** The consumer may be in the books already: it is looked up before a place is sought. */
    void becomesKnown() {
        known = true;
    }

    boolean known() {
        return known;
    }

    /** The consumer is in the books: what it holds gives way. */
    void becomesReplacement() {
        replaces = true;
    }

    boolean replaces() {
        return replaces;
    }

    void placeOn(Host host, List<CellShare> shares) {
        placed = host;
        cells = shares;
    }

    /** Where in the host it lies, node by node; empty when it asked for no NUMA topology. */
    List<CellShare> cells() {
        return cells;
    }

    Optional<Host> placed() {
        return Optional.ofNullable(placed);
    }
}
