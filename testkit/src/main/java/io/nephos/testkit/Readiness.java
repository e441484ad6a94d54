package io.nephos.testkit;

import io.nephos.kit.token.Revocations;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import java.time.Duration;

/** No test asks before the service under test can judge tokens: a few tenths of a second after it has started. */
public final class Readiness implements QuarkusTestBeforeClassCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public void beforeClass(Class<?> test) {
        Revocations revocations = Arc.container().instance(Revocations.class).get();
        TestRun.await("the revocation feed", PATIENCE, revocations::caughtUp);
    }
}
