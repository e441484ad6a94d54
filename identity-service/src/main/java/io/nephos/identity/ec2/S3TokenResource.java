package io.nephos.identity.ec2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.token.TokenView;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * POST /v3/s3tokens: for services that speak S3. They learn who it is that signed and with which roles; the token itself
 * they do not get, as in Keystone.
 */
@Path("/v3/s3tokens")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class S3TokenResource {
    private final Access access;
    private final KeySignIn signIn;
    private final TokenView view;

    @Inject
    public S3TokenResource(Access access, KeySignIn signIn, TokenView view) {
        this.access = access;
        this.signIn = signIn;
        this.view = view;
    }

    @POST
    public ObjectNode create(@Nullable JsonNode body) {
        access.require("identity:s3tokens_validate");
        Fields fields = KeySignIn.described(body);
        byte[] text = signedText(fields);
        SignedRequest request = SignedRequest.of(fields);
        String signature = fields.text("signature", 1, 1024);
        return view.body(
                        signIn.token(
                                request,
                                (signed, secret) -> S3Signature.of(text, secret)
                                        .filter(right -> Hmac.equal(right, signature))
                                        .isPresent(),
                                "Credential signature mismatch"),
                        true)
                .orElseThrow(Faults::unauthorized);
    }

    /** What was signed, in URL-safe or plain base 64, padded or not. */
    private static byte[] signedText(Fields fields) {
        String token = fields.text("token", 1, 65_535).replace('+', '-').replace('/', '_');
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw fields.invalid("token", "must be base 64.");
        }
    }
}
