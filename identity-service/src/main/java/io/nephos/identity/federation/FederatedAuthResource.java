package io.nephos.identity.federation;

import io.nephos.identity.token.FederatedTokens;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An access token of a provider against an unscoped one of ours (Identity API reference, "OS-FEDERATION: Auth"). */
@Path("/v3/OS-FEDERATION/identity_providers/{idp}/protocols/{protocol}/auth")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FederatedAuthResource {
    private final FederatedSignIn signIn;
    private final FederatedTokens tokens;

    @Inject
    public FederatedAuthResource(FederatedSignIn signIn, FederatedTokens tokens) {
        this.signIn = signIn;
        this.tokens = tokens;
    }

    @GET
    @Public
    public Response get(
            @PathParam("idp") String idp,
            @PathParam("protocol") String protocol,
            @HeaderParam("Authorization") @Nullable String authorization) {
        return tokens.response(signIn.identify(idp, protocol, bearer(authorization)), protocol);
    }

    /** What clients send, with an empty body or any. */
    @POST
    @Public
    public Response post(
            @PathParam("idp") String idp,
            @PathParam("protocol") String protocol,
            @HeaderParam("Authorization") @Nullable String authorization) {
        return get(idp, protocol, authorization);
    }

    private static String bearer(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip())
                .orElseThrow(Faults::unauthorized);
    }
}
