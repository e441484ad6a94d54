package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.Decision.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks that belong together: at least {@code least} of them are placed, or none. */
final class Unit {
    private final List<Ask> asks;
    private final int least;
    private final CompletableFuture<Optional<Explanation>> outcome = new CompletableFuture<>();

    Unit(List<Ask> asks, int least) {
        this.asks = asks;
        this.least = least;
    }

    List<Ask> asks() {
        return asks;
    }

    List<Ask> unplaced() {
        return asks.stream().filter(ask -> ask.placed().isEmpty()).toList();
    }

    /** One that loses its place takes the others with it. */
    boolean atomic() {
        return least > 1;
    }

    boolean enough(int placed) {
        return placed >= Math.min(asks.size(), Math.max(1, least));
    }

    /** Placed, all of it or as much as there was room for; then the explanation says why no more. */
    void done(Optional<Explanation> why) {
        outcome.complete(why);
    }

    void failed(RuntimeException why) {
        outcome.completeExceptionally(why);
    }

    boolean open() {
        return !outcome.isDone();
    }

    CompletableFuture<Optional<Explanation>> outcome() {
        return outcome;
    }
}
