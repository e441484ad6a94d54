package io.nephos.kit.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {
    private final AtomicLong edition = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final AtomicInteger asked = new AtomicInteger();
    private final RecentAnswers<String, Integer> answers = new RecentAnswers<>(edition::get, now::get);

    @Test
    void anAnswerIsKnownForHalfASecondAndSaysWhenItWasTrue() {
        Instant first = now.get();
        ask("a");
        now.set(first.plusMillis(499));
        assertEquals(new RecentAnswers.Answer<>(1, first), ask("a"));
        now.set(first.plusMillis(500));
        assertEquals(new RecentAnswers.Answer<>(2, now.get()), ask("a"));
    }

    @Test
    void aChangeMadeHereIsSeenAtOnceAlsoWhenItCameWhileTheDatabaseWasAsked() {
        ask("a");
        edition.incrementAndGet();
        assertEquals(2, ask("a").value());
        answers.find("b", () -> {
            edition.incrementAndGet();
            return Optional.of(asked.incrementAndGet());
        });
        assertEquals(4, ask("b").value());
    }

    @Test
    void neitherNothingNorAFailureIsRemembered() {
        answers.find("a", Optional::empty);
        assertThrows(
                IllegalStateException.class,
                () -> answers.find("a", () -> {
                    throw new IllegalStateException("away");
                }));
        assertEquals(1, ask("a").value());
    }

    private RecentAnswers.Answer<Integer> ask(String question) {
        return answers.find(question, () -> Optional.of(asked.incrementAndGet()))
                .orElseThrow();
    }
}
