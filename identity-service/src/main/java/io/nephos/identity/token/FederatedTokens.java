package io.nephos.identity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** Unscoped tokens for users for whom an identity provider vouched; their method is the protocol's name. */
@ApplicationScoped
public class FederatedTokens {
    private final Database db;
    private final TokenIssue issue;
    private final TokenSigner signer;
    private final TokenView view;

    @Inject
    public FederatedTokens(Database db, TokenIssue issue, TokenSigner signer, TokenView view) {
        this.db = db;
        this.issue = issue;
        this.signer = signer;
        this.view = view;
    }

    /** 201 with the token, as a sign-in by any other method has it. */
    public Response response(UserRow user, String protocol) {
        Token token = issue(user, protocol);
        ObjectNode shown = view.body(token, false).orElseThrow(Faults::unauthorized);
        return Response.status(201)
                .header("X-Subject-Token", signer.sign(token))
                .header("Vary", "X-Auth-Token")
                .entity(shown)
                .build();
    }

    /** The token alone, for a browser to carry on. */
    public String compact(UserRow user, String protocol) {
        return signer.sign(issue(user, protocol));
    }

    private Token issue(UserRow user, String protocol) {
        Identified who = new Identified(user, List.of(protocol), Optional.empty(), Optional.empty());
        return db.read(tx -> issue.issue(tx, who, new AuthRequest.Scope.Unscoped()));
    }
}
