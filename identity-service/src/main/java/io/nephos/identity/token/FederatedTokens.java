package io.nephos.identity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Unscoped tokens for users for whom an identity provider vouched; their method is the protocol's name. */
@ApplicationScoped
public class FederatedTokens {
    private final Database db;
    private final RevocationFeed revocations;
    private final Identification identification;
    private final Receipts receipts;
    private final TokenIssue issue;
    private final TokenSigner signer;
    private final TokenView view;

    @Inject
    public FederatedTokens(
            Database db,
            RevocationFeed revocations,
            Identification identification,
            Receipts receipts,
            TokenIssue issue,
            TokenSigner signer,
            TokenView view) {
        this.db = db;
        this.revocations = revocations;
        this.identification = identification;
        this.receipts = receipts;
        this.issue = issue;
        this.signer = signer;
        this.view = view;
    }

    /** 201 with the token, as a sign-in by any other method has it. */
    public Response response(UserRow user, String protocol) {
        Identified who = identified(user, protocol);
        return receipts.instead(who).orElseGet(() -> response(who));
    }

    private Response response(Identified who) {
        Token token = issue(who);
        ObjectNode shown = view.body(token, false).orElseThrow(Faults::unauthorized);
        return Response.status(201)
                .header("X-Subject-Token", signer.sign(token))
                .header("Vary", "X-Auth-Token")
                .entity(shown)
                .build();
    }

    /** The token alone, for a browser to carry on. 401 when his rules ask for more, which a browser cannot add. */
    public String compact(UserRow user, String protocol) {
        Identified who = identified(user, protocol);
        if (receipts.instead(who).isPresent()) {
            throw Faults.unauthorized();
        }
        return signer.sign(issue(who));
    }

    /** Read again: what his provider says of him now may just have revoked what he had. */
    private Identified identified(UserRow vouchedFor, String protocol) {
        Instant at = revocations.moment();
        UserRow user = db.read(tx -> identification.usable(tx, vouchedFor.id));
        return new Identified(user, List.of(protocol), Optional.empty(), Optional.empty(), at);
    }

    private Token issue(Identified who) {
        return db.read(tx -> issue.issue(tx, who, new AuthRequest.Scope.Unscoped()));
    }
}
