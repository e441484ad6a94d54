package io.nephos.identity.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/**
 * Access tokens of the realm, and of the OpenID Connect providers that are brokered in it. A good one is signed by its
 * issuer, in time, made for one of our clients (or the broker's own) and, when the realm issued it, still active there.
 */
@ApplicationScoped
public class BearerTokens {
    private static final Logger LOG = Logger.getLogger(BearerTokens.class);
    private static final int LONGEST = 65_536;

    /** Access tokens, and the ID tokens that clients send in their place ({@code access_token_type} of keystoneauth). */
    private static final Set<String> TYPES = Set.of("Bearer", "ID");

    private static final Duration KEYS_LIVE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final AlgorithmConstraints SIGNED = new AlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
            AlgorithmIdentifiers.EDDSA);

    private final KeycloakHttp http;
    private final String issuer;
    private final Set<String> clients;
    private final Map<String, Keys> keys = new ConcurrentHashMap<>();

    @Inject
    public BearerTokens(
            KeycloakHttp http,
            @ConfigProperty(name = "nephos.keycloak.url") String url,
            @ConfigProperty(name = "nephos.keycloak.public-url") Optional<String> publicUrl,
            @ConfigProperty(name = "nephos.keycloak.realm") String realm,
            @ConfigProperty(name = "nephos.keycloak.clients") List<String> clients) {
        this.http = http;
        this.issuer = publicUrl.orElse(url) + "/realms/" + realm;
        this.clients = Set.copyOf(clients);
    }

    /** What an issuer says of a user. */
    public record Assertion(String issuer, boolean ofRealm, Map<String, Object> claims) {}

    /** How the realm calls itself, to which browsers are sent. */
    public String issuer() {
        return issuer;
    }

    /** Empty when the token is not a good one, whatever is wrong with it. 503 when that cannot be known now. */
    public Optional<Assertion> verified(String compact) {
        if (compact.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            Optional<Issuer> from = issuerOf(compact);
            if (from.isEmpty()) {
                return Optional.empty();
            }
            JwtClaims claims = checked(compact, from.get());
            if (!madeFor(claims, from.get()) || from.get().realm() && !active(compact, claims)) {
                return Optional.empty();
            }
            return Optional.of(new Assertion(from.get().name(), from.get().realm(), claims.getClaimsMap()));
        } catch (InvalidJwtException | JoseException | MalformedClaimException e) {
            LOG.infof("A bearer token is refused: %s", reason(e));
            return Optional.empty();
        }
    }

    private static String reason(Exception e) {
        // Not the message, which may hold the token.
        return e instanceof InvalidJwtException invalid
                ? invalid.getErrorDetails().stream()
                        .map(error -> "code " + error.getErrorCode())
                        .toList()
                        .toString()
                : e.getClass().getSimpleName();
    }

    private record Issuer(String name, boolean realm, String keysUrl, Set<String> audiences) {}

    private Optional<Issuer> issuerOf(String compact) throws InvalidJwtException, MalformedClaimException {
        String said = new JwtConsumerBuilder()
                .setSkipAllValidators()
                .setDisableRequireSignature()
                .setSkipSignatureVerification()
                .build()
                .processToClaims(compact)
                .getIssuer();
        if (said == null) {
            return Optional.empty();
        }
        return said.equals(issuer)
                ? Optional.of(new Issuer(said, true, http.realm() + "/protocol/openid-connect/certs", clients))
                : brokered(said);
    }

    /** An identity provider that an operator has set up in Keycloak, and whose keys Keycloak knows. */
    private Optional<Issuer> brokered(String said) {
        var response = http.call("GET", "/identity-provider/instances", null);
        http.expect(response, 200);
        for (JsonNode provider : http.parse(response.body())) {
            JsonNode config = provider.path("config");
            if (said.equals(config.path("issuer").asText())
                    && provider.path("enabled").asBoolean()
                    && !config.path("jwksUrl").asText("").isEmpty()) {
                return Optional.of(new Issuer(
                        said,
                        false,
                        config.path("jwksUrl").asText(),
                        Set.of(config.path("clientId").asText())));
            }
        }
        return Optional.empty();
    }

    private JwtClaims checked(String compact, Issuer from) throws InvalidJwtException, JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setCompactSerialization(compact);
        JsonWebKey key = key(from, String.valueOf(jws.getKeyIdHeaderValue()));
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(SIGNED)
                .setVerificationKey(key.getKey())
                .setExpectedIssuer(from.name())
                .setSkipDefaultAudienceValidation()
                .setRequireExpirationTime()
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(15)
                .build()
                .processToClaims(compact);
    }

    private record Keys(List<JsonWebKey> all, Instant read) {}

    private JsonWebKey key(Issuer from, String keyId) throws JoseException {
        Keys known = keys.getOrDefault(from.keysUrl(), new Keys(List.of(), Instant.EPOCH));
        Optional<JsonWebKey> found = among(known, keyId);
        Duration age = Duration.between(known.read(), Instant.now());
        if (age.compareTo(KEYS_LIVE) > 0 || found.isEmpty() && age.compareTo(PAUSE) > 0) {
            known = new Keys(
                    List.copyOf(new JsonWebKeySet(http.document(from.keysUrl()).toString()).getJsonWebKeys()),
                    Instant.now());
            keys.put(from.keysUrl(), known);
            found = among(known, keyId);
        }
        return found.orElseThrow(() -> new JoseException("the key is not known"));
    }

    private static Optional<JsonWebKey> among(Keys known, String keyId) {
        return known.all().stream().filter(key -> keyId.equals(key.getKeyId())).findFirst();
    }

    /** Not one that a user gave to some other application, which would sign in as him here. */
    private static boolean madeFor(JwtClaims claims, Issuer from) throws MalformedClaimException {
        List<String> audiences = new ArrayList<>(claims.hasAudience() ? claims.getAudience() : List.of());
        if (claims.getClaimValue("azp") instanceof String party) {
            audiences.add(party);
        }
        boolean ours = audiences.stream().anyMatch(from.audiences()::contains);
        if (!ours) {
            LOG.infof("A bearer token is refused: it was made for %s", audiences);
        }
        return ours;
    }

    private boolean active(String compact, JwtClaims claims) {
        if (!TYPES.contains(String.valueOf(claims.getClaimValue("typ")))) {
            return false;
        }
        var response = http.form("/protocol/openid-connect/token/introspect", Map.of("token", compact));
        http.expect(response, 200);
        boolean active = http.parse(response.body()).path("active").asBoolean();
        if (!active) {
            LOG.infof("A bearer token is refused: Keycloak says it is not active, or not made for %s", http.clientId());
        }
        return active;
    }

    /** The page to which a browser goes to sign in; a broker of the provider's name is gone through to at once. */
    public String login(String redirectUri, String state, String challenge, Optional<String> provider) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", RealmClients.OPENSTACK);
        query.put("redirect_uri", redirectUri);
        query.put("scope", "openid profile email");
        query.put("state", state);
        query.put("code_challenge", challenge);
        query.put("code_challenge_method", "S256");
        provider.ifPresent(name -> query.put("kc_idp_hint", name));
        return issuer + "/protocol/openid-connect/auth?" + KeycloakHttp.encoded(query);
    }

    /** The access token for a code that a browser brought back. Empty when Keycloak does not take it. */
    public Optional<String> exchange(String code, String redirectUri, String verifier) {
        var response = http.form(
                "/protocol/openid-connect/token",
                Map.of(
                        "grant_type", "authorization_code",
                        "code", code,
                        "redirect_uri", redirectUri,
                        "code_verifier", verifier),
                Map.of("client_id", RealmClients.OPENSTACK));
        if (response.statusCode() == 400 || response.statusCode() == 401) {
            return Optional.empty();
        }
        http.expect(response, 200);
        return Optional.of(http.parse(response.body()).path("access_token").asText());
    }

    /** A key for what we hand to browsers and want back unchanged; the same in every replica. */
    public byte[] secretFor(String purpose) {
        return http.secretFor(purpose);
    }
}
