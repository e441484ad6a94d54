package io.nephos.identity.audit;

import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a request without a token concerns: the user as whom someone tries to sign in. */
@RequestScoped
public class Attempt {
    private @Nullable String userId;

    public void as(String id) {
        this.userId = id;
    }

    Optional<String> userId() {
        return Optional.ofNullable(userId);
    }
}
