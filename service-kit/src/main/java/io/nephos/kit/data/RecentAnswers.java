package io.nephos.kit.data;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the database said a moment ago, for questions that many requests repeat: it is half a second old at most, so that what
 * another replica changed is seen within a second, and never from before a change that this process made.
 *
 * @param <Q> compared by equals
 * @param <A> not to be changed by those who get it
 */
public final class RecentAnswers<Q, A> {
    private static final Duration FRESH = Duration.ofMillis(500);
    private static final int KEPT = 2_000;

    private final LongSupplier edition;
    private final InstantSource clock;
    private final Map<Q, Kept<A>> kept = new ConcurrentHashMap<>();

    public RecentAnswers(Database db) {
        this(db::edition, InstantSource.system());
    }

    RecentAnswers(LongSupplier edition, InstantSource clock) {
        this.edition = edition;
        this.clock = clock;
    }

    /** @param at the moment before the database was asked: of what came after it, it may know nothing */
    public record Answer<A>(A value, Instant at) {}

    private record Kept<A>(Answer<A> answer, long edition) {}

    /** As known, or as {@code ask} says now. That there is nothing is not remembered, nor what it throws. */
    public Optional<Answer<A>> find(Q question, Supplier<Optional<A>> ask) {
        // In this order: what changes from here on makes the answer an old one.
        long now = edition.getAsLong();
        Instant at = clock.instant();
        Kept<A> known = kept.get(question);
        if (known != null
                && known.edition() == now
                && known.answer().at().plus(FRESH).isAfter(at)) {
            return Optional.of(known.answer());
        }
        if (kept.size() >= KEPT) {
            kept.clear();
        }
        Optional<Answer<A>> fresh = ask.get().map(value -> new Answer<>(value, at));
        fresh.ifPresentOrElse(answer -> kept.put(question, new Kept<>(answer, now)), () -> kept.remove(question));
        return fresh;
    }
}
