package io.nephos.identity.federation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nephos.identity.keycloak.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** A company's own OpenID Connect provider, which Keycloak brokers: it lets everyone in as the user that the test names. */
final class Provider implements AutoCloseable {
    private final HttpServer server;
    private final RsaJsonWebKey key;
    private final String name;
    private final Map<String, String> nonces = new ConcurrentHashMap<>();
    volatile String user = "";

    Provider(String name) {
        this.name = name;
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k-" + name);
            key.setUse("sig");
            key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (JoseException | IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/jwks", exchange -> answer(exchange, new JsonWebKeySet(key).toJson()));
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Has Keycloak broker it, under its name. */
    void brokered() {
        Console.as()
                .body("""
                        {"alias": "%1$s", "providerId": "oidc", "enabled": true, "trustEmail": true,
                         "config": {"issuer": "%2$s", "jwksUrl": "%2$s/jwks", "useJwksUrl": "true",
                          "validateSignature": "true", "authorizationUrl": "%2$s/authorize",
                          "tokenUrl": "%2$s/token", "clientId": "broker", "clientSecret": "s",
                          "clientAuthMethod": "client_secret_post", "defaultScope": "openid"}}
                        """.formatted(name, issuer()))
                .post(Console.url("/identity-provider/instances"))
                .then()
                .statusCode(201);
    }

    /** What it signs for a client about a user. */
    String signed(String audience, Map<String, ?> claims) {
        JwtClaims all = new JwtClaims();
        all.setIssuer(issuer());
        all.setAudience(audience);
        all.setIssuedAtToNow();
        all.setExpirationTimeMinutesInTheFuture(5);
        claims.forEach(all::setClaim);
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(all.toJson());
        jws.setKey(key.getPrivateKey());
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
        String code = "code-" + nonces.size();
        nonces.put(code, query.getOrDefault("nonce", ""));
        exchange.getResponseHeaders()
                .add(
                        "Location",
                        query.get("redirect_uri") + "?code=" + code + "&state="
                                + URLEncoder.encode(query.get("state"), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String signed = signed(
                "broker",
                Map.of(
                        "sub",
                        "id-of-" + user,
                        "preferred_username",
                        user,
                        "email",
                        user + "@example.com",
                        "given_name",
                        "Given",
                        "family_name",
                        "Family",
                        "nonce",
                        nonces.getOrDefault(form.getOrDefault("code", ""), "")));
        answer(
                exchange,
                "{\"access_token\": \"%s\", \"id_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 60}"
                        .formatted(signed, signed));
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().put("Content-Type", List.of("application/json"));
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> parameters(String encoded) {
        Map<String, String> all = new HashMap<>();
        for (String pair : encoded.split("&")) {
            String[] parts = pair.split("=", 2);
            all.put(parts[0], parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return all;
    }

    @Override
    public void close() {
        Console.as().delete(Console.url("/identity-provider/instances/" + name));
        server.stop(0);
    }
}
