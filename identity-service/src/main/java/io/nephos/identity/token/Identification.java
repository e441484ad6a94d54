package io.nephos.identity.token;

import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.credential.SecretHash;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who it is that signs in, by every method he names; all must mean the same user. Each failure is the same 401, and costs
 * the time that a wrong password costs.
 */
@ApplicationScoped
public class Identification {
    /** No domain has this id, so Keycloak has no such user; asking for it takes as long as for one that is there. */
    private static final String NOBODY = "-";

    private final Database db;
    private final Keycloak keycloak;
    private final RecentProofs proofs;
    private final UserStore users;
    private final ProjectStore projects;
    private final TokenVerifier verifier;

    @Inject
    public Identification(
            Database db,
            Keycloak keycloak,
            RecentProofs proofs,
            UserStore users,
            ProjectStore projects,
            TokenVerifier verifier) {
        this.db = db;
        this.keycloak = keycloak;
        this.proofs = proofs;
        this.users = users;
        this.projects = projects;
        this.verifier = verifier;
    }

    /**
     * The user and how he proved it.
     *
     * @param parent the token that he showed
     */
    public record Identified(
            UserRow user,
            List<String> methods,
            Optional<Token> parent,
            Optional<ApplicationCredentialRow> credential) {}

    Identified identify(AuthRequest request) {
        Optional<Token> parent = request.token()
                .map(compact -> verifier.verify(compact).orElseThrow(() -> Fault.notFound("Could not find token.")));
        Optional<ApplicationCredentialRow> credential =
                request.applicationCredential().map(this::byCredential);
        List<UserRow> found = new ArrayList<>();
        parent.ifPresent(token -> found.add(db.read(tx -> usable(tx, token.userId()))));
        credential.ifPresent(row -> found.add(db.read(tx -> usable(tx, row.userId))));
        request.password().ifPresent(password -> found.add(byPassword(password)));
        if (found.stream().map(user -> user.id).distinct().count() != 1) {
            throw Faults.unauthorized();
        }
        List<String> methods = new ArrayList<>(request.methods());
        parent.ifPresent(token -> token.methods().stream()
                .filter(method -> !methods.contains(method))
                .forEach(methods::add));
        return new Identified(found.getFirst(), methods, parent, credential);
    }

    private UserRow byPassword(AuthRequest.Password request) {
        Optional<UserRow> user = db.read(tx -> usable(tx, request.user()));
        if (user.isEmpty()) {
            String name = request.user().name().or(request.user()::id).orElse("");
            keycloak.accepts(KeycloakUser.username(NOBODY, name), request.password());
            throw Faults.unauthorized();
        }
        UserRow row = user.get();
        if (!proofs.right(
                row.id,
                row.domainId,
                Optional.empty(),
                request.password(),
                () -> keycloak.accepts(row.username(), request.password()))) {
            throw Faults.unauthorized();
        }
        return row;
    }

    private ApplicationCredentialRow byCredential(AuthRequest.ApplicationCredential request) {
        Optional<ApplicationCredentialRow> found = db.read(tx -> request.id().isPresent()
                ? tx.find(ApplicationCredentialRow.class, request.id().get())
                : request.user()
                        .flatMap(user -> usable(tx, user))
                        .flatMap(user -> tx.first(
                                ApplicationCredentialRow.class,
                                "from ApplicationCredentialRow where userId = :user and name = :name",
                                Map.of("user", user.id, "name", request.name().orElse("")))));
        if (found.isEmpty()) {
            SecretHash.matches(request.secret(), SecretHash.NOBODYS);
            throw Faults.unauthorized();
        }
        ApplicationCredentialRow row = found.get();
        boolean right = proofs.right(
                row.userId,
                "",
                Optional.of(row.id),
                request.secret(),
                () -> SecretHash.matches(request.secret(), row.secretHash));
        if (!right || row.expired(Instant.now())) {
            throw Faults.unauthorized();
        }
        return row;
    }

    private Optional<UserRow> usable(Transaction tx, AuthRequest.User user) {
        if (user.id().isPresent()) {
            return users.findUsable(tx, user.id().get());
        }
        String name = user.name().orElse("");
        return user.domain()
                .flatMap(domain -> domain.id().isPresent()
                        ? users.findUsableByName(tx, domain.id().get(), name)
                        : users.findUsableInDomain(tx, domain.name().orElse(""), name));
    }

    Optional<ProjectRow> findDomain(Transaction tx, AuthRequest.Domain domain) {
        return domain.id().isPresent()
                ? projects.findDomain(tx, domain.id().get())
                : projects.findDomainByName(tx, domain.name().orElse(""));
    }

    /** The user of that id, if he may sign in. */
    public UserRow usable(Transaction tx, String userId) {
        return users.findUsable(tx, userId).orElseThrow(Faults::unauthorized);
    }
}
