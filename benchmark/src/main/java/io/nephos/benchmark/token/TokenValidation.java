package io.nephos.benchmark.token;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.kit.event.Broker;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The check of X-Auth-Token that every request of every service begins with; a thousand tokens take turns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx128m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class TokenValidation {
    private static final int TOKENS = 1_000;

    /** How many records of other users' tokens are in force. */
    @Param({"0", "10000"})
    public int revocations;

    private final byte[][] sent = new byte[TOKENS][];
    private final Revocations feed = new Revocations(new Broker("127.0.0.1:1", Optional.empty()));
    private final EllipticCurveJsonWebKey key;
    private final TokenVerifier verifier;
    private int next;

    public TokenValidation() {
        try {
            key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
        key.setKeyId("key");
        verifier = new TokenVerifier(id -> Optional.of(key), feed);
    }

    @Setup
    public void setup() throws JoseException {
        for (int i = 0; i < TOKENS; i++) {
            sent[i] = sign().getBytes(StandardCharsets.ISO_8859_1);
        }
        for (int i = 0; i < revocations; i++) {
            feed.add(record(i));
        }
    }

    /** A token that this process has met before. */
    @Benchmark
    public Optional<Token> known() {
        return verifier.verifyCached(header());
    }

    /** A token that this process meets for the first time. */
    @Benchmark
    public Optional<Token> first() {
        return verifier.verify(header());
    }

    /** A text of its own for each request, as the HTTP server makes it. */
    private String header() {
        next = (next + 1) % TOKENS;
        return new String(sent[next], StandardCharsets.ISO_8859_1);
    }

    private static RevocationEvent record(int number) {
        return RevocationEvent.newBuilder()
                .setId("r" + number)
                .setUserId("u" + number)
                .setIssuedBeforeMs(Long.MAX_VALUE)
                .setExpiresMs(Long.MAX_VALUE)
                .build();
    }

    private String sign() throws JoseException {
        Instant now = Instant.now();
        Token token = new Token(
                id(),
                "default",
                Optional.of(id()),
                Optional.of("default"),
                Optional.empty(),
                false,
                List.of("admin", "manager", "member", "reader"),
                List.of("password"),
                List.of(id()),
                Optional.empty(),
                Optional.empty(),
                now,
                now.plus(Duration.ofHours(1)));
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(token.toClaims().toJson());
        jws.setAlgorithmHeaderValue("ES256");
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        return jws.getCompactSerialization();
    }

    private static String id() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
