package io.nephos.kit.token;

import io.grpc.StatusRuntimeException;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.contracts.identity.v1.ListSigningKeysRequest;
import io.nephos.kit.fault.Fault;
import io.nephos.rpc.Peers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/** The public keys that tokens are signed with. identity-service has them itself; the others ask it when they meet a new one. */
public interface SigningKeys {
    /** The key of that id; empty when there is none. 503 when it cannot be known now. */
    Optional<JsonWebKey> find(String keyId);

    /** As every service but identity gets them: over gRPC, asked again at most once in two seconds for ids not known. */
    final class FromIdentity implements SigningKeys {
        private static final Logger LOG = Logger.getLogger(SigningKeys.class);
        private static final Duration PAUSE = Duration.ofSeconds(2);
        private final Peers peers;
        private volatile List<JsonWebKey> keys = List.of();
        private volatile Instant asked = Instant.EPOCH;

        public FromIdentity(Peers peers) {
            this.peers = peers;
        }

        @Override
        public Optional<JsonWebKey> find(String keyId) {
            Optional<JsonWebKey> known = among(keyId);
            if (known.isPresent()) {
                return known;
            }
            refresh();
            return among(keyId);
        }

        private Optional<JsonWebKey> among(String keyId) {
            return keys.stream().filter(key -> keyId.equals(key.getKeyId())).findFirst();
        }

        private synchronized void refresh() {
            if (!keys.isEmpty() && Instant.now().isBefore(asked.plus(PAUSE))) {
                return;
            }
            try {
                String jwks = IdentityGrpc.newBlockingStub(peers.channel("identity"))
                        .withDeadlineAfter(3, TimeUnit.SECONDS)
                        .listSigningKeys(ListSigningKeysRequest.getDefaultInstance())
                        .getJwks();
                keys = List.copyOf(new JsonWebKeySet(jwks).getJsonWebKeys());
                asked = Instant.now();
            } catch (StatusRuntimeException | JoseException e) {
                LOG.warnf("The signing keys cannot be had from identity: %s", e.getMessage());
                if (keys.isEmpty()) {
                    throw Fault.unavailable("Tokens cannot be checked until identity-service answers.");
                }
            }
        }
    }
}
