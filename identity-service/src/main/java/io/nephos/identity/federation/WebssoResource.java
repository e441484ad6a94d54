package io.nephos.identity.federation;

import io.nephos.identity.keycloak.BearerTokens;
import io.nephos.identity.token.FederatedTokens;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Public;
import io.opentelemetry.api.trace.Span;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Sign-in for dashboards: the browser goes to Keycloak's login and comes back with a code, and is answered with a form that
 * takes an unscoped token to the dashboard (Identity API reference, "OS-FEDERATION: Web single sign on").
 *
 * <p>Nothing is kept here between the two visits: where to go is in a signed state, and the proof key of the code (RFC 7636)
 * is in a cookie, so that a code only works in the browser that asked for it.
 */
@Path("/v3/auth/OS-FEDERATION")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class WebssoResource {
    private static final String COOKIE = "nephos-websso";
    private static final int MINUTES = 10;

    private final FederatedSignIn signIn;
    private final FederatedTokens tokens;
    private final BearerTokens bearers;
    private final List<String> dashboards;

    @Inject
    public WebssoResource(
            FederatedSignIn signIn,
            FederatedTokens tokens,
            BearerTokens bearers,
            @ConfigProperty(name = "nephos.identity.trusted-dashboards") Optional<List<String>> dashboards) {
        this.signIn = signIn;
        this.tokens = tokens;
        this.bearers = bearers;
        this.dashboards = dashboards.orElse(List.of());
    }

    @GET
    @Path("/websso/{protocol}")
    @Public
    public Response websso(
            @PathParam("protocol") String protocol,
            @QueryParam("origin") @Nullable String origin,
            @QueryParam("code") @Nullable String code,
            @QueryParam("state") @Nullable String state,
            @CookieParam(COOKIE) @Nullable String verifier,
            UriInfo uri) {
        return code == null && state == null
                ? leave(uri, Optional.empty(), origin)
                : arrive(uri, Optional.empty(), protocol, code, state, verifier);
    }

    @GET
    @Path("/identity_providers/{idp}/protocols/{protocol}/websso")
    @Public
    public Response webssoOf(
            @PathParam("idp") String idp,
            @PathParam("protocol") String protocol,
            @QueryParam("origin") @Nullable String origin,
            @QueryParam("code") @Nullable String code,
            @QueryParam("state") @Nullable String state,
            @CookieParam(COOKIE) @Nullable String verifier,
            UriInfo uri) {
        return code == null && state == null
                ? leave(uri, Optional.of(idp), origin)
                : arrive(uri, Optional.of(idp), protocol, code, state, verifier);
    }

    private Response leave(UriInfo uri, Optional<String> idp, @Nullable String origin) {
        if (origin == null) {
            throw Fault.badRequest("Request must have an origin query parameter.");
        }
        if (!dashboards.contains(origin)) {
            throw new Fault.Unauthorized("", origin + " is not a trusted dashboard host.").asException();
        }
        String verifier = WebssoState.verifier();
        String here = here(uri);
        WebssoState state = new WebssoState(origin, here, Instant.now().plusSeconds(60L * MINUTES));
        URI login = URI.create(
                bearers.login(here, state.signed(bearers.secretFor("websso")), WebssoState.challenge(verifier), idp));
        return Response.status(302)
                .location(login)
                .cookie(cookie(verifier, 60 * MINUTES, here))
                .build();
    }

    private Response arrive(
            UriInfo uri,
            Optional<String> idp,
            String protocol,
            @Nullable String code,
            @Nullable String sent,
            @Nullable String verifier) {
        // The query has what the browser was given for us alone.
        Span.current().setAttribute("url.query", "(hidden)");
        String here = here(uri);
        WebssoState state = Optional.ofNullable(sent)
                .flatMap(text -> WebssoState.read(text, bearers.secretFor("websso"), Instant.now()))
                .filter(read -> read.path().equals(here) && dashboards.contains(read.origin()))
                .orElseThrow(Faults::unauthorized);
        if (code == null || verifier == null) {
            throw Faults.unauthorized();
        }
        String bearer = bearers.exchange(code, here, verifier).orElseThrow(Faults::unauthorized);
        String provider = idp.orElseGet(() -> signIn.providerOf(bearer));
        String token = tokens.compact(signIn.identify(provider, protocol, bearer), protocol);
        return Response.ok(WebssoState.form(state.origin(), token), "text/html; charset=utf-8")
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .cookie(cookie("", 0, here))
                .build();
    }

    private static NewCookie cookie(String value, int seconds, String here) {
        return new NewCookie.Builder(COOKIE)
                .value(value)
                .path(URI.create(here).getPath())
                .maxAge(seconds)
                .httpOnly(true)
                .secure(here.startsWith("https:"))
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }

    private static String here(UriInfo uri) {
        return uri.getAbsolutePath().toString();
    }
}
