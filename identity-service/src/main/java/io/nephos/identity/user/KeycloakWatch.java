package io.nephos.identity.user;

import io.nephos.identity.keycloak.Arrival;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakEvents;
import io.nephos.identity.keycloak.KeycloakEvents.Happened;
import io.nephos.identity.keycloak.RealmClients;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.data.Database;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Follows what is done to users in Keycloak by others than us: its events every two seconds, and now and then everyone, for
 * what has no event (a directory that was read, a realm that was restored).
 */
@ApplicationScoped
public class KeycloakWatch {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Events may be written a little later than they say. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private static final int PAGE = 200;

    private final Database db;
    private final Keycloak keycloak;
    private final KeycloakEvents events;
    private final RealmClients clients;
    private final Arrivals arrivals;
    private final UserReconciler reconciler;
    private final Duration between;
    private final Set<String> seen = new HashSet<>();
    private boolean prepared;
    private Instant everyoneAt = Instant.EPOCH;
    private Instant readTo = Instant.now();

    @Inject
    public KeycloakWatch(
            Database db,
            Keycloak keycloak,
            KeycloakEvents events,
            RealmClients clients,
            Arrivals arrivals,
            UserReconciler reconciler,
            @ConfigProperty(name = "nephos.keycloak.all-users-every") long seconds) {
        this.db = db;
        this.keycloak = keycloak;
        this.events = events;
        this.clients = clients;
        this.arrivals = arrivals;
        this.reconciler = reconciler;
        this.between = Duration.ofSeconds(seconds);
    }

    void start(@Observes StartupEvent event, Background background) {
        background.repeat("keycloak-watch", Rhythm.every(PAUSE).atOnce(), this::follow);
    }

    private void follow() {
        if (!prepared) {
            events.enable();
            clients.ensure();
            prepared = true;
        }
        Instant now = Instant.now();
        if (everyoneAt.plus(between).isBefore(now)) {
            everyone();
            everyoneAt = now;
        }
        happened(readTo.minus(OVERLAP));
        readTo = now;
    }

    private void happened(Instant since) {
        List<Happened> all = events.since(since);
        for (Happened one : all) {
            if (!seen.contains(one.eventId())) {
                arrivals.look(one.userId(), one.password());
                seen.add(one.eventId());
            }
        }
        Set<String> now = new HashSet<>();
        all.forEach(one -> now.add(one.eventId()));
        seen.retainAll(now);
    }

    /** Compares what both sides have of everyone, and looks closer at who differs. */
    void everyone() {
        Map<String, String> known = new HashMap<>();
        for (Row row : db.rows(
                "select id, keycloak_username, keycloak_enabled, state from app_user"
                        + " where origin <> 'federated' and state in ('active', 'missing') and keycloak_username is not null")) {
            known.put(
                    row.getString("id"),
                    print(row.getString("keycloak_username"), row.getBoolean("keycloak_enabled"))
                            + row.getString("state"));
        }
        Set<String> met = new HashSet<>();
        for (int first = 0; ; first += PAGE) {
            List<Arrival> page = keycloak.arrivals(first, PAGE);
            for (Arrival one : page) {
                met.add(one.user().id());
                String both = print(one.user().username(), one.user().enabled()) + UserRow.ACTIVE;
                if (!both.equals(known.get(one.user().id()))) {
                    arrivals.adopt(one);
                }
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        known.forEach((id, print) -> {
            if (!met.contains(id) && print.endsWith(UserRow.ACTIVE)) {
                reconciler.reconcile(id);
            }
        });
    }

    private static String print(String username, boolean enabled) {
        return username + ' ' + enabled + ' ';
    }
}
