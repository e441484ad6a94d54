package io.nephos.identity.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.token.Public;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/auth/tokens (Identity API reference, "Authentication and token management"). */
@Path("/v3/auth/tokens")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TokenResource {
    private static final String SUBJECT = "X-Subject-Token";

    /** For how long after its end a token can still be read with {@code allow_expired}; Keystone's default. */
    static final Duration EXPIRED_WINDOW = Duration.ofHours(48);

    private final Database db;
    private final Access access;
    private final Identification identification;
    private final Receipts receipts;
    private final TokenIssue issue;
    private final TokenSigner signer;
    private final TokenVerifier verifier;
    private final Revocations revocations;
    private final RevocationFeed feed;
    private final TokenView view;

    @Inject
    public TokenResource(
            Database db,
            Access access,
            Identification identification,
            Receipts receipts,
            TokenIssue issue,
            TokenSigner signer,
            TokenVerifier verifier,
            Revocations revocations,
            RevocationFeed feed,
            TokenView view) {
        this.db = db;
        this.access = access;
        this.identification = identification;
        this.receipts = receipts;
        this.issue = issue;
        this.signer = signer;
        this.verifier = verifier;
        this.revocations = revocations;
        this.feed = feed;
        this.view = view;
    }

    @POST
    @Public
    public Response create(
            @Nullable JsonNode body,
            @QueryParam("nocatalog") @Nullable String nocatalog,
            @HeaderParam(Receipts.HEADER) @Nullable String receipt) {
        AuthRequest request = AuthRequest.of(body);
        Identified who = identification.identify(request, receipts.read(receipt));
        return receipts.instead(who).orElseGet(() -> token(request, who, nocatalog == null));
    }

    private Response token(AuthRequest request, Identified who, boolean catalog) {
        Token token = request.scope() instanceof AuthRequest.Scope.Trust
                ? db.write(tx -> issue.issue(tx, who, request.scope()))
                : issue.issue(who, request.scope());
        ObjectNode shown = view.body(token, catalog).orElseThrow(Faults::unauthorized);
        return Response.status(201)
                .header(SUBJECT, signer.sign(token))
                .header("Vary", "X-Auth-Token")
                .entity(shown)
                .build();
    }

    /** 404 for a subject that is not a good token, whatever is wrong with it. */
    @GET
    public Response show(
            @HeaderParam(SUBJECT) @Nullable String subject,
            @QueryParam("nocatalog") @Nullable String nocatalog,
            @QueryParam("allow_expired") @Nullable String allowExpired,
            @HeaderParam("OpenStack-Identity-Access-Rules") @Nullable String accessRules) {
        access.caller();
        Token token = subject(subject, allowExpired != null && !allowExpired.equals("0"));
        access.require("identity:validate_token", Map.of("user_id", token.userId()));
        if (!token.accessRules().isEmpty() && !understood(accessRules)) {
            throw notFound();
        }
        byte[] shown = view.shown(token, nocatalog == null).orElseThrow(TokenResource::notFound);
        return Response.ok(shown)
                .header(SUBJECT, subject)
                .header("Vary", "X-Auth-Token")
                .build();
    }

    @DELETE
    public void delete(@HeaderParam(SUBJECT) @Nullable String subject) {
        access.caller();
        Token token = subject(subject, false);
        access.require("identity:revoke_token", Map.of("user_id", token.userId()));
        db.run(tx -> feed.token(tx, token.auditIds().getFirst()));
    }

    /** The list of the PKI tokens of old: 403 for everyone, as in Keystone. */
    @GET
    @Path("/OS-PKI/revoked")
    public void revoked() {
        throw Fault.forbidden("You are not authorized to perform the requested action.");
    }

    /** Who asks about a restricted token must say that he enforces its access rules; 1.0 is their only version. */
    private static boolean understood(@Nullable String version) {
        try {
            return version != null && Double.parseDouble(version) >= 1.0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Token subject(@Nullable String subject, boolean allowExpired) {
        if (subject == null || subject.isEmpty()) {
            throw Fault.badRequest("The header X-Subject-Token is required.");
        }
        Optional<Token> good = verifier.verifyCached(subject);
        if (good.isEmpty() && allowExpired) {
            Instant oldest = Instant.now().minus(EXPIRED_WINDOW);
            good = verifier.signed(subject)
                    .filter(token -> token.expiresAt().isAfter(oldest) && !revocations.revoked(token));
        }
        return good.orElseThrow(TokenResource::notFound);
    }

    private static FaultException notFound() {
        return Fault.notFound("Could not find token.");
    }
}
