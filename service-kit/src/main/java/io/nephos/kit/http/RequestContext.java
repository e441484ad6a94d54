package io.nephos.kit.http;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of the request being served: who asks, at which microversion, under which id. */
@RequestScoped
public class RequestContext {
    private @Nullable Caller caller;
    private @Nullable Token token;
    private @Nullable Microversion version;
    private String requestId = "req-none";

    /** The authenticated caller. 401 on a route that needs none and got none. */
    public Caller caller() {
        if (caller == null) {
            throw new Fault.Unauthorized("", "The request you have made requires authentication.").asException();
        }
        return caller;
    }

    /** The token that the caller showed; empty where there is no caller. */
    public Optional<Token> token() {
        return Optional.ofNullable(token);
    }

    public void token(Token verified) {
        this.token = verified;
    }

    public boolean hasCaller() {
        return caller != null;
    }

    /** The negotiated microversion; only in services that have a {@link MicroversionRange}. */
    public Microversion version() {
        if (version == null) {
            throw new IllegalStateException("This service has no microversions.");
        }
        return version;
    }

    /** "req-" and a UUID, as the client sees it in X-OpenStack-Request-ID. */
    public String requestId() {
        return requestId;
    }

    public void caller(Caller authenticated) {
        this.caller = authenticated;
    }

    void version(Microversion negotiated) {
        this.version = negotiated;
    }

    void requestId(String id) {
        this.requestId = id;
    }
}
