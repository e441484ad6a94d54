package io.nephos.image.ticket;

import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The key that tickets are signed with: made once, shared by all replicas through the database. */
@ApplicationScoped
class TicketKey {
    private static final int BYTES = 32;
    private final Database database;
    private volatile byte @Nullable [] known;

    @Inject
    TicketKey(Database database) {
        this.database = database;
    }

    byte[] bytes() {
        byte[] key = known;
        if (key == null) {
            byte[] fresh = new byte[BYTES];
            new SecureRandom().nextBytes(fresh);
            database.execute(
                    "insert into signing_secret (name, value) values ('ticket', $1) on conflict (name) do nothing",
                    Base64.getEncoder().encodeToString(fresh));
            key = Base64.getDecoder()
                    .decode(database.rows("select value from signing_secret where name = 'ticket'")
                            .getFirst()
                            .getString(0));
            known = key;
        }
        return key;
    }
}
