package io.nephos.kit.token;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.contracts.identity.v1.ListSigningKeysRequest;
import io.nephos.kit.fault.Fault;
import io.nephos.rpc.Peers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** The public keys that tokens are signed with. identity-service has them itself; the others ask it when they meet a new one. */
public interface SigningKeys {
    /** The key of that id; empty when there is none. 503 when it cannot be known now. */
    Optional<JsonWebKey> find(String keyId);

    /** To be called before the first token comes: whatever takes time at the first {@link #find} is done now. 503 as there. */
    default void learn() {}

    /**
     * As every service but identity gets them: over gRPC, asked again at most once in two seconds for ids not known and, aside
     * from any request, when they are a little old, so that a new key is here before its first token is.
     */
    final class FromIdentity implements SigningKeys {
        private static final Logger LOG = Logger.getLogger(SigningKeys.class);
        private static final Duration PAUSE = Duration.ofSeconds(2);
        static final Duration AGE = Duration.ofSeconds(15);
        private final Supplier<String> identity;
        private final Duration age;
        private final Clock clock;
        private volatile List<JsonWebKey> keys = List.of();
        private final AtomicBoolean refreshing = new AtomicBoolean();
        private volatile Instant asked = Instant.EPOCH;

        public FromIdentity(Peers peers) {
            this(() -> peers.channel("identity"), AGE);
        }

        /** {@code age}: how old the keys become before they are asked for again. */
        public FromIdentity(Supplier<? extends Channel> identity, Duration age) {
            this(
                    () -> IdentityGrpc.newBlockingStub(identity.get())
                            .withDeadlineAfter(3, TimeUnit.SECONDS)
                            .listSigningKeys(ListSigningKeysRequest.getDefaultInstance())
                            .getJwks(),
                    age,
                    Clock.systemUTC());
        }

        FromIdentity(Supplier<String> identity, Duration age, Clock clock) {
            this.identity = identity;
            this.age = age;
            this.clock = clock;
        }

        @Override
        public Optional<JsonWebKey> find(String keyId) {
            Optional<JsonWebKey> known = among(keyId);
            if (known.isPresent()) {
                if (asked.plus(age).isBefore(clock.instant()) && refreshing.compareAndSet(false, true)) {
                    Thread.ofVirtual().name("signing-keys").start(this::refreshAside);
                }
                return known;
            }
            refresh();
            return among(keyId);
        }

        @Override
        public void learn() {
            if (keys.isEmpty()) {
                refresh();
            }
        }

        private Optional<JsonWebKey> among(String keyId) {
            return keys.stream().filter(key -> keyId.equals(key.getKeyId())).findFirst();
        }

        private void refreshAside() {
            try {
                refresh();
            } finally {
                refreshing.set(false);
            }
        }

        private synchronized void refresh() {
            if (!keys.isEmpty() && clock.instant().isBefore(asked.plus(PAUSE))) {
                return;
            }
            asked = clock.instant();
            try {
                keys = List.copyOf(new JsonWebKeySet(identity.get()).getJsonWebKeys());
            } catch (StatusRuntimeException | JoseException e) {
                LOG.warnf("The signing keys cannot be had from identity: %s", e.getMessage());
                if (keys.isEmpty()) {
                    throw Fault.unavailable("Tokens cannot be checked until identity-service answers.");
                }
            }
        }
    }
}
