package io.nephos.identity.token;

import io.nephos.identity.policy.Access;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Map;

/** DELETE /v3/users/{id}/tokens: ends every session of a user, by himself or an admin; the one that asks as well. Not by a delegated token. */
@Path("/v3/users/{user}/tokens")
@RunOnVirtualThread
public class UserTokenResource {
    private final Database db;
    private final Access access;
    private final UserStore users;
    private final RevocationFeed revocations;

    @Inject
    public UserTokenResource(Database db, Access access, UserStore users, RevocationFeed revocations) {
        this.db = db;
        this.access = access;
        this.users = users;
        this.revocations = revocations;
    }

    @DELETE
    public void delete(@PathParam("user") String user) {
        access.require("identity:revoke_user_tokens", Map.of("user_id", user, "target.user.id", user));
        if (access.token()
                .filter(token -> token.trustId().isPresent()
                        || token.applicationCredentialId().isPresent())
                .isPresent()) {
            throw Faults.forbiddenAction("a delegated token cannot end the sessions of its user");
        }
        db.run(tx -> revocations.user(tx, users.require(tx, user).id));
    }
}
