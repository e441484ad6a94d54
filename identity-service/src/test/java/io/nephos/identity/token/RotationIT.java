package io.nephos.identity.token;

import static io.nephos.identity.IdentityClient.admin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.nephos.identity.IdentityClient;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.SigningKeys;
import io.nephos.kit.token.TokenVerifier;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/**
 * Keys settle for five seconds here and are looked for every one or two, so that four follow each other while requests run:
 * to identity-service over HTTP, and to the verifier of the other services, which has its keys over gRPC as they have.
 */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class RotationIT {
    private static final int ROTATIONS = 4;
    private static final Duration BETWEEN = Duration.ofMillis(1500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);

    @Inject
    Revocations revocations;

    @ConfigProperty(name = "nephos.identity.signing-keys")
    Path keys;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    void keysFollowEachOtherAndNoRequestFails() throws InterruptedException, IOException, JoseException {
        IdentityClient.awaitReady();
        String first = admin();
        tokens.put(keyId(first), first);
        ManagedChannel channel = Peer.channelAs("compute");
        TokenVerifier elsewhere =
                new TokenVerifier(new SigningKeys.FromIdentity(() -> channel, Duration.ofSeconds(1)), revocations);
        List<Thread> clients = List.of(client(first, elsewhere), client(first, elsewhere));
        try {
            String last = "";
            for (int i = 0; i < ROTATIONS; i++) {
                last = rotate(i % 2 == 1);
                Thread.sleep(BETWEEN);
            }
            Instant end = Instant.now().plus(LONGEST);
            while (!tokens.containsKey(last) && Instant.now().isBefore(end)) {
                Thread.sleep(50);
            }
            Thread.sleep(500);
        } finally {
            stop.set(true);
            for (Thread one : clients) {
                one.join();
            }
            channel.shutdownNow();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(tokens.size() > ROTATIONS, "only " + tokens.size() + " keys have signed");
        assertTrue(requests.get() > 500, "only " + requests + " requests");
    }

    /** A newer key in the directory, at once or as a slow copy would bring it. */
    private String rotate(boolean slowly) throws IOException, JoseException, InterruptedException {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(STAMP.format(Instant.now()) + "-of-a-test");
        String text = key.toJson(OutputControlLevel.INCLUDE_PRIVATE);
        Path file = keys.resolve(key.getKeyId() + ".jwk");
        if (slowly) {
            Files.writeString(file, text.substring(0, text.length() / 2));
            Thread.sleep(1300);
        }
        Files.writeString(file, text);
        return key.getKeyId();
    }

    private Thread client(String first, TokenVerifier elsewhere) {
        return Thread.ofVirtual().start(() -> {
            while (!stop.get()) {
                try {
                    String fresh = rescoped(first);
                    tokens.putIfAbsent(keyId(fresh), fresh);
                    check(fresh, elsewhere);
                    for (String old : tokens.values()) {
                        check(old, elsewhere);
                    }
                    Thread.sleep(10);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failures.add(e.toString());
                }
            }
        });
    }

    private void check(String token, TokenVerifier elsewhere) throws IOException, InterruptedException {
        int status =
                send(request("/v3/auth/projects").header("X-Auth-Token", token)).statusCode();
        if (status != 200) {
            failures.add("identity-service: " + status + " for " + keyId(token));
        }
        if (elsewhere.verify(token).isEmpty() || elsewhere.verifyCached(token).isEmpty()) {
            failures.add("another service refuses " + keyId(token));
        }
    }

    private String rescoped(String token) throws IOException, InterruptedException {
        String body = """
                {"auth": {"identity": {"methods": ["token"], "token": {"id": "%s"}}, "scope": "unscoped"}}
                """.formatted(token);
        HttpResponse<String> response = send(request("/v3/auth/tokens?nocatalog")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        return response.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IllegalStateException("no token: " + response.statusCode()));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        requests.incrementAndGet();
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String keyId(String token) {
        String header = new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
        return header.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }
}
