package io.nephos.identity.credential;

import io.nephos.identity.wire.Faults;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/** Tokens by a trust, an application credential or an EC2 key: they may not touch credentials, which would outlive them. */
@ApplicationScoped
public class Delegation {
    private static final Set<String> METHODS = Set.of("application_credential", "ec2credential");

    private final TokenVerifier verifier;

    @Inject
    public Delegation(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** 403 unless the user himself signed in. */
    public void refuse(String compact) {
        if (verifier.verifyCached(compact).filter(Delegation::delegated).isPresent()) {
            throw Faults.forbiddenAction("Delegated tokens cannot access credentials directly");
        }
    }

    public static boolean delegated(Token token) {
        return token.trustId().isPresent()
                || token.applicationCredentialId().isPresent()
                || token.methods().stream().anyMatch(METHODS::contains);
    }
}
