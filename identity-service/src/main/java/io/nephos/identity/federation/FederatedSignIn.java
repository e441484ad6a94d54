package io.nephos.identity.federation;

import io.nephos.identity.federation.Mapping.Mapped;
import io.nephos.identity.keycloak.BearerTokens;
import io.nephos.identity.keycloak.BearerTokens.Assertion;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.Arrivals;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Who it is for whom a provider vouches. 401 when its token is not good or the mapping finds nobody, 403 when the provider is
 * disabled or is not the one that issued the token; the reason of a mapping that finds nobody is in the log.
 */
@ApplicationScoped
public class FederatedSignIn {
    private static final Logger LOG = Logger.getLogger(FederatedSignIn.class);

    private final Database db;
    private final FederationStore store;
    private final BearerTokens tokens;
    private final Arrivals arrivals;
    private final UserStore users;
    private final ProjectStore projects;
    private final ShadowUsers shadows;

    @Inject
    public FederatedSignIn(
            Database db,
            FederationStore store,
            BearerTokens tokens,
            Arrivals arrivals,
            UserStore users,
            ProjectStore projects,
            ShadowUsers shadows) {
        this.db = db;
        this.store = store;
        this.tokens = tokens;
        this.arrivals = arrivals;
        this.users = users;
        this.projects = projects;
        this.shadows = shadows;
    }

    UserRow identify(String idp, String protocol, String bearer) {
        IdentityProviderRow provider = db.read(tx -> store.provider(tx, idp));
        if (!provider.enabled) {
            throw Fault.forbidden("Identity Provider " + idp + " is disabled.");
        }
        Mapping mapping = db.read(tx -> store.rules(store.mapping(tx, store.protocol(tx, idp, protocol).mappingId)));
        Assertion assertion = tokens.verified(bearer).orElseThrow(Faults::unauthorized);
        if (!db.read(tx -> store.calling(tx, assertion.issuer())).equals(Optional.of(idp))) {
            throw Fault.forbidden("Incoming identity provider identifier not included among the accepted identifiers.");
        }
        Mapped mapped = switch (mapping.evaluate(Attributions.of(assertion.claims()))) {
            case Mapping.Outcome.Found found -> found.mapped();
            case Mapping.Outcome.Nobody nobody -> {
                LOG.warnf("The mapping of %s/%s finds nobody: %s", idp, protocol, nobody.reason());
                throw Faults.unauthorized();
            }
        };
        UserRow user = mapped.user().local()
                ? local(mapped.user(), assertion).orElseThrow(Faults::unauthorized)
                : shadows.user(provider, protocol, mapped);
        if (!user.enabled || !db.read(tx -> enabledDomain(tx, user.domainId))) {
            throw Faults.unauthorized();
        }
        return user;
    }

    /** The provider that issued a token, for sign-ins that name none. */
    String providerOf(String bearer) {
        Assertion assertion = tokens.verified(bearer).orElseThrow(Faults::unauthorized);
        return db.read(tx -> store.calling(tx, assertion.issuer()))
                .orElseThrow(() -> Fault.forbidden(
                        "Incoming identity provider identifier not included among the accepted identifiers."));
    }

    private Optional<UserRow> local(Mapping.User user, Assertion assertion) {
        if (user.id().isPresent()) {
            String id = user.id().get();
            // Whom the realm itself vouches for may have come to it a moment ago.
            boolean ofRealm =
                    assertion.ofRealm() && id.equals(assertion.claims().get("sub"));
            return ofRealm ? arrivals.known(id) : db.read(tx -> users.find(tx, id));
        }
        return db.read(tx -> user.domain()
                .flatMap(domain -> domain(tx, domain))
                .flatMap(domain -> users.findByName(tx, domain.id, user.name().orElse(""))));
    }

    private Optional<ProjectRow> domain(Transaction tx, Mapping.Domain domain) {
        return domain.id().isPresent()
                ? projects.findDomain(tx, domain.id().get())
                : domain.name().flatMap(name -> projects.findDomainByName(tx, name));
    }

    private boolean enabledDomain(Transaction tx, String id) {
        return projects.findDomain(tx, id).map(domain -> domain.enabled).orElse(false);
    }
}
