package io.nephos.identity.ec2;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.token.TokenSigner;
import io.nephos.identity.token.TokenView;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.token.Token;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** POST /v3/ec2tokens: for services that speak EC2, with a token of their own (role service) or an admin's. */
@Path("/v3/ec2tokens")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class Ec2TokenResource {
    private final Access access;
    private final KeySignIn signIn;
    private final TokenSigner signer;
    private final TokenView view;

    @Inject
    public Ec2TokenResource(Access access, KeySignIn signIn, TokenSigner signer, TokenView view) {
        this.access = access;
        this.signIn = signIn;
        this.signer = signer;
        this.view = view;
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:ec2tokens_validate");
        SignedRequest request = SignedRequest.of(KeySignIn.described(body));
        if (request.signature().isEmpty()) {
            throw KeySignIn.refused("EC2 signature not supplied.");
        }
        Token token = signIn.token(request, Ec2Signature::right, "Invalid EC2 signature.");
        return Response.ok(view.body(token, true).orElseThrow(Faults::unauthorized))
                .header("X-Subject-Token", signer.sign(token))
                .header("Vary", "X-Auth-Token")
                .build();
    }
}
