package io.nephos.identity.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwt.MalformedClaimException;
import org.jspecify.annotations.Nullable;

/**
 * Who has proven himself by some, but not all of the methods that his rules ask for gets no token but a receipt, to which he
 * adds the rest (Identity API reference, "Multi-step authentication").
 */
@ApplicationScoped
public class Receipts {
    static final String HEADER = "Openstack-Auth-Receipt";

    private final Database db;
    private final ProjectStore projects;
    private final TokenSigner signer;
    private final TokenVerifier verifier;
    private final Revocations revocations;
    private final Duration lifetime;

    @Inject
    public Receipts(
            Database db,
            ProjectStore projects,
            TokenSigner signer,
            TokenVerifier verifier,
            Revocations revocations,
            @ConfigProperty(name = "nephos.identity.receipt-lifetime") long lifetimeSeconds) {
        this.db = db;
        this.projects = projects;
        this.signer = signer;
        this.verifier = verifier;
        this.revocations = revocations;
        this.lifetime = Duration.ofSeconds(lifetimeSeconds);
    }

    /** 401 for what is not a receipt of ours, too old, or revoked. */
    Optional<Receipt> read(@Nullable String header) {
        if (header == null || header.isEmpty()) {
            return Optional.empty();
        }
        try {
            Receipt receipt = Receipt.of(verifier.claims(header).orElseThrow(Faults::unauthorized));
            if (!receipt.expiresAt().isAfter(Instant.now()) || revocations.revoked(receipt.asIfToken())) {
                throw Faults.unauthorized();
            }
            return Optional.of(receipt);
        } catch (MalformedClaimException notAReceipt) {
            throw Faults.unauthorized();
        }
    }

    /** The 401 that he gets instead of a token; empty when he has shown all that he must. */
    Optional<Response> instead(Identified who) {
        MethodRules rules = MethodRules.of(Attributes.object(who.user().options));
        if (rules.none()) {
            return Optional.empty();
        }
        Set<String> offered = offered();
        return rules.met(who.methods(), offered)
                ? Optional.empty()
                : Optional.of(response(who, rules.begun(who.methods(), offered)));
    }

    /** What the name of a federation protocol stands for is a method as well. */
    private Set<String> offered() {
        Set<String> all = new HashSet<>(AuthRequest.METHODS);
        all.addAll(db.read(tx -> tx.list(String.class, "select distinct name from ProtocolRow", Map.of())));
        return all;
    }

    private Response response(Identified who, List<List<String>> required) {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Receipt receipt = new Receipt(
                who.user().id,
                who.user().domainId,
                who.methods(),
                who.parent().map(Receipts::parent),
                who.credential().map((ApplicationCredentialRow row) -> row.id),
                now,
                Instant.ofEpochSecond(now.plus(lifetime).getEpochSecond()));
        return Response.status(401)
                .header(HEADER, signer.sign(receipt.toClaims()))
                .header("WWW-Authenticate", "Keystone uri=\"/v3\"")
                .header("Vary", "X-Auth-Token")
                .entity(view(who, receipt, required))
                .build();
    }

    private static Receipt.Parent parent(Token token) {
        return new Receipt.Parent(token.auditIds(), token.expiresAt());
    }

    private ObjectNode view(Identified who, Receipt receipt, List<List<String>> required) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode shown = body.putObject("receipt");
        ArrayNode methods = shown.putArray("methods");
        receipt.methods().forEach(methods::add);
        String domain = db.read(tx -> projects.findDomain(tx, who.user().domainId))
                .map(row -> row.name)
                .orElse("");
        shown.putObject("user")
                .put("id", who.user().id)
                .put("name", who.user().name)
                .putObject("domain")
                .put("id", who.user().domainId)
                .put("name", domain);
        shown.put("issued_at", Times.text(receipt.issuedAt())).put("expires_at", Times.text(receipt.expiresAt()));
        ArrayNode rules = body.putArray("required_auth_methods");
        required.forEach(rule -> rule.forEach(rules.addArray()::add));
        return body;
    }
}
