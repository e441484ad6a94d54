package io.nephos.identity.policy;

import io.nephos.identity.wire.Faults;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** May the caller of this request do that? 403 in Keystone's words when not. */
@ApplicationScoped
public class Access {
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public Access(Policy policy, RequestContext request) {
        this.policy = policy;
        this.request = request;
    }

    public Caller caller() {
        return request.caller();
    }

    /** The token of this request; empty where it has none. */
    public Optional<Token> token() {
        return request.token();
    }

    /** 403: what outlives a trust may not be made or read with a token that the trust gave. */
    public void refuseTrustToken() {
        if (token().flatMap(Token::trustId).isPresent()) {
            throw Faults.forbiddenAction("a token made by a trust cannot manage application credentials");
        }
    }

    public boolean allows(String rule, Map<String, String> target) {
        return policy.allows(rule, caller(), target);
    }

    public void require(String rule, Map<String, String> target) {
        if (!allows(rule, target)) {
            throw Faults.notAuthorized(rule);
        }
    }

    public void require(String rule) {
        require(rule, Map.of());
    }

    /** On something that the domain owns. */
    public void requireIn(String domainId, String rule) {
        require(rule, Map.of("domain_id", domainId));
    }

    /**
     * For lists: the domain to which the list is confined, if any: the one asked for, or the caller's own when his token is
     * scoped to a domain. 403 when the rule does not let him see that.
     */
    public Optional<String> requireList(String rule, @Nullable String askedDomain) {
        Optional<String> own = caller().domainId();
        if (askedDomain != null) {
            requireIn(askedDomain, rule);
            return Optional.of(askedDomain);
        }
        if (own.isPresent()) {
            requireIn(own.get(), rule);
            return own;
        }
        require(rule);
        return Optional.empty();
    }
}
