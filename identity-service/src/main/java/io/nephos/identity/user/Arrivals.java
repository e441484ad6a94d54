package io.nephos.identity.user;

import io.nephos.identity.keycloak.Arrival;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Users who came to be in Keycloak: made in its console, read from a directory behind it, brought by a broker. They become
 * users here, of the domain that {@link Arrival#place} says, with Keycloak's id.
 */
@ApplicationScoped
public class Arrivals {
    private static final Logger LOG = Logger.getLogger(Arrivals.class);

    private final Database db;
    private final Keycloak keycloak;
    private final UserStore store;
    private final ProjectStore projects;
    private final UserReconciler reconciler;
    private final RevocationFeed revocations;
    private final String home;

    @Inject
    public Arrivals(
            Database db,
            Keycloak keycloak,
            UserStore store,
            ProjectStore projects,
            UserReconciler reconciler,
            RevocationFeed revocations,
            @ConfigProperty(name = "nephos.keycloak.users-domain") String home) {
        this.db = db;
        this.keycloak = keycloak;
        this.store = store;
        this.projects = projects;
        this.reconciler = reconciler;
        this.revocations = revocations;
        this.home = home;
    }

    /**
     * Somebody of whom there is no row signs in. Costs what a wrong password of a known user costs, unless it is right.
     */
    public Optional<UserRow> signIn(String domainId, String name, String password, Optional<String> passcode) {
        if (!keycloak.accepts(name, password, passcode)) {
            return Optional.empty();
        }
        return keycloak.arrivalNamed(name)
                .filter(arrival -> {
                    Arrival.Place place = place(arrival);
                    return place.domainId().equals(domainId) && place.name().equalsIgnoreCase(name);
                })
                .flatMap(this::adopt);
    }

    /** The user of that id, made known here if Keycloak has him. */
    public Optional<UserRow> known(String id) {
        Optional<UserRow> row = db.read(tx -> store.find(tx, id));
        return row.isPresent() ? row : keycloak.arrival(id).flatMap(this::adopt);
    }

    /** Something happened to that user in Keycloak. */
    void look(String id, boolean password) {
        Optional<UserRow> row = db.read(tx -> tx.find(UserRow.class, id));
        if (row.isEmpty()) {
            keycloak.arrival(id).ifPresent(this::adopt);
            return;
        }
        if (password && row.get().state.equals(UserRow.ACTIVE)) {
            boolean has = keycloak.hasPassword(id);
            db.run(tx -> {
                revocations.user(tx, id);
                tx.executeNative(
                        "update app_user set has_password = :has where id = :id", Map.of("has", has, "id", id));
            });
        }
        reconciler.reconcile(id);
    }

    /** The row of a user whom Keycloak has; empty when his name is taken in his domain, or he is on his way out. */
    Optional<UserRow> adopt(Arrival arrival) {
        Optional<UserRow> known =
                db.read(tx -> tx.find(UserRow.class, arrival.user().id()));
        if (known.isPresent()) {
            reconciler.reconcile(arrival.user().id());
            return db.read(tx -> store.find(tx, arrival.user().id()));
        }
        UserRow row = row(arrival);
        try {
            db.run(tx -> insert(tx, row));
            LOG.infof("User %s came from Keycloak into the domain %s", row.id, row.domainId);
            return Optional.of(row);
        } catch (UniqueViolation e) {
            Optional<UserRow> meanwhile = db.read(tx -> store.find(tx, row.id));
            if (meanwhile.isEmpty()) {
                LOG.warnf(
                        "User %s of Keycloak has a name that is taken in the domain %s: '%s'",
                        row.id, row.domainId, row.name);
            }
            return meanwhile;
        }
    }

    private void insert(Transaction tx, UserRow row) {
        store.forgetMissing(tx, row.domainId, row.name);
        projects.requireDomain(tx, row.domainId);
        tx.insert(row);
    }

    private UserRow row(Arrival arrival) {
        Arrival.Place place = place(arrival);
        UserRow row = new UserRow();
        row.id = arrival.user().id();
        row.domainId = place.domainId();
        row.name = place.name();
        row.enabled = arrival.user().enabled();
        row.state = UserRow.ACTIVE;
        row.origin = UserRow.KEYCLOAK;
        row.hasPassword = keycloak.hasPassword(row.id);
        row.last(arrival.user());
        return row;
    }

    private Arrival.Place place(Arrival arrival) {
        return arrival.place(
                home, id -> db.read(tx -> projects.findDomain(tx, id).isPresent()));
    }
}
