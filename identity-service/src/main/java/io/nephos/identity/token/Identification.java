package io.nephos.identity.token;

import io.nephos.identity.audit.Attempt;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.credential.Delegation;
import io.nephos.identity.credential.SecretHash;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.Arrivals;
import io.nephos.identity.user.Compliance;
import io.nephos.identity.user.UserAccounts;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.RecentAnswers;
import io.nephos.kit.data.RecentAnswers.Answer;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final Compliance compliance;
    private final UserAccounts accounts;
    private final Attempt attempt;
    private final Arrivals arrivals;
    private final Passcodes passcodes;
    private final RecentAnswers<AuthRequest.User, UserRow> known;
    private final RecentAnswers<CredentialName, ApplicationCredentialRow> knownCredentials;

    @Inject
    public Identification(
            Database db,
            Keycloak keycloak,
            RecentProofs proofs,
            UserStore users,
            ProjectStore projects,
            TokenVerifier verifier,
            Compliance compliance,
            UserAccounts accounts,
            Attempt attempt,
            Arrivals arrivals,
            Passcodes passcodes) {
        this.db = db;
        this.keycloak = keycloak;
        this.proofs = proofs;
        this.users = users;
        this.projects = projects;
        this.verifier = verifier;
        this.compliance = compliance;
        this.accounts = accounts;
        this.attempt = attempt;
        this.arrivals = arrivals;
        this.passcodes = passcodes;
        this.known = new RecentAnswers<>(db);
        this.knownCredentials = new RecentAnswers<>(db);
    }

    private record CredentialName(Optional<String> id, Optional<String> name, Optional<AuthRequest.User> user) {}

    /**
     * The user and how he proved it.
     *
     * @param parent the token that he showed
     * @param at when all of it was so: what revokes a token of that moment revokes what is made of this
     */
    public record Identified(
            UserRow user,
            List<String> methods,
            Optional<Token> parent,
            Optional<ApplicationCredentialRow> credential,
            Instant at) {
        /** Now. */
        public Identified(
                UserRow user,
                List<String> methods,
                Optional<Token> parent,
                Optional<ApplicationCredentialRow> credential) {
            this(user, methods, parent, credential, Instant.now());
        }
    }

    /** What the receipt says was shown before counts as shown now. */
    Identified identify(AuthRequest request, Optional<Receipt> receipt) {
        Optional<Token> parent = request.token().map(this::byToken);
        Optional<Answer<ApplicationCredentialRow>> credential =
                request.applicationCredential().map(this::byCredential);
        List<Answer<UserRow>> found = new ArrayList<>();
        parent.ifPresent(token -> found.add(byId(token.userId())));
        credential.ifPresent(row -> found.add(byId(row.value().userId)));
        Optional<String> passcode = request.totp().map(AuthRequest.Passcode::passcode);
        request.password().ifPresent(password -> found.add(byPassword(password, passcode)));
        // After the others, so that nobody tries passcodes of whom he knows nothing else.
        request.totp()
                .ifPresent(totp ->
                        found.add(now(byPasscode(totp, request.password().isPresent()))));
        if (found.stream().map(user -> user.value().id).distinct().count() != 1) {
            throw Faults.unauthorized();
        }
        List<String> methods = new ArrayList<>(request.methods());
        parent.ifPresent(token -> token.methods().stream()
                .filter(method -> !methods.contains(method))
                .forEach(methods::add));
        Instant at = Stream.concat(found.stream(), credential.stream())
                .map(Answer::at)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Identified now = new Identified(found.getFirst().value(), methods, parent, credential.map(Answer::value), at);
        return receipt.map(before -> together(before, now)).orElse(now);
    }

    private Identified together(Receipt before, Identified now) {
        if (!before.userId().equals(now.user().id)) {
            throw Faults.unauthorized();
        }
        List<String> methods = Stream.concat(now.methods().stream(), before.methods().stream())
                .distinct()
                .toList();
        Optional<Token> parent =
                now.parent().or(() -> before.parent().isPresent() ? Optional.of(before.asIfToken()) : Optional.empty());
        Optional<ApplicationCredentialRow> credential = now.credential()
                .or(() -> before.applicationCredentialId()
                        .map(id -> db.read(tx -> tx.find(ApplicationCredentialRow.class, id))
                                .filter(row -> !row.expired(Instant.now()))
                                .orElseThrow(Faults::unauthorized)));
        return new Identified(now.user(), methods, parent, credential, now.at());
    }

    /** 403 for one that was narrowed on purpose: nothing is to be made of it. */
    private Token byToken(String compact) {
        Token token = verifier.verifyCached(compact).orElseThrow(() -> Fault.notFound("Could not find token."));
        if (Delegation.delegated(token)) {
            throw Faults.forbiddenAction("Using a delegated token to create another token is not allowed");
        }
        return token;
    }

    private Answer<UserRow> byPassword(AuthRequest.Password request, Optional<String> passcode) {
        Optional<Answer<UserRow>> user =
                usable(request.user()).filter(found -> !found.value().federated());
        if (user.isEmpty()) {
            return now(byNewPassword(request, passcode));
        }
        UserRow row = user.get().value();
        if (!right(row, request.password(), passcode)) {
            if (compliance.locksOut() && compliance.neverLockedOut(row)) {
                // Aside, or the time it takes would tell of him.
                Thread.ofVirtual().start(() -> keycloak.clearFailures(row.id));
            }
            throw Faults.unauthorized();
        }
        compliance.expired(row, Instant.now()).ifPresent(expired -> {
            throw expired;
        });
        if (!LocalDate.now(ZoneOffset.UTC).equals(row.lastActiveOn)) {
            accounts.seen(row.id);
        }
        return user.get();
    }

    /** The passcode goes along for whom Keycloak asks for one; he is let in without a memory of it. */
    private boolean right(UserRow row, String password, Optional<String> passcode) {
        BooleanSupplier check = () -> keycloak.accepts(row.username(), password, passcode);
        return passcode.isPresent()
                ? proofs.once(row.id, check)
                : proofs.right(row.id, row.domainId, Optional.empty(), password, check);
    }

    /** Nobody we know, but Keycloak may: from its console or a directory behind it. */
    private UserRow byNewPassword(AuthRequest.Password request, Optional<String> passcode) {
        Optional<ProjectRow> domain = request.user()
                .domain()
                .flatMap(asked -> db.read(tx -> findDomain(tx, asked)))
                .filter(row -> row.enabled);
        String name = request.user().name().orElse("");
        if (domain.isEmpty()
                || name.isEmpty()
                || db.read(tx -> users.findByName(tx, domain.get().id, name)).isPresent()) {
            return nobody(request.user(), request.password());
        }
        return arrivals.signIn(domain.get().id, name, request.password(), passcode)
                .filter(row -> row.enabled)
                .orElseThrow(Faults::unauthorized);
    }

    private UserRow nobody(AuthRequest.User user, String secret) {
        String name = user.name().or(user::id).orElse("");
        keycloak.accepts(KeycloakUser.username(NOBODY, name), secret);
        throw Faults.unauthorized();
    }

    /** {@code shown}: to Keycloak as well, beside a password that was right. */
    private UserRow byPasscode(AuthRequest.Passcode request, boolean shown) {
        Optional<UserRow> user = db.read(tx -> find(tx, request.user()).filter(row -> usable(tx, row)));
        return user.filter(row -> (shown && !row.federated() && keycloak.asksForPasscode(row.id))
                        || passcodes.right(row, request.passcode()))
                .orElseGet(() -> {
                    if (shown) {
                        throw Faults.unauthorized();
                    }
                    return nobody(request.user(), request.passcode());
                });
    }

    private Answer<ApplicationCredentialRow> byCredential(AuthRequest.ApplicationCredential request) {
        CredentialName name = new CredentialName(request.id(), request.name(), request.user());
        Optional<Answer<ApplicationCredentialRow>> found =
                knownCredentials.find(name, () -> db.read(tx -> find(tx, name)));
        if (found.isEmpty()) {
            SecretHash.matches(request.secret(), SecretHash.NOBODYS);
            throw Faults.unauthorized();
        }
        ApplicationCredentialRow row = found.get().value();
        attempt.as(row.userId);
        boolean right = proofs.right(
                row.userId,
                "",
                Optional.of(row.id),
                request.secret(),
                () -> SecretHash.matches(request.secret(), row.secretHash));
        if (!right || row.expired(Instant.now())) {
            throw Faults.unauthorized();
        }
        return found.get();
    }

    private Optional<ApplicationCredentialRow> find(Transaction tx, CredentialName request) {
        return request.id().isPresent()
                ? tx.find(ApplicationCredentialRow.class, request.id().get())
                : request.user()
                        .flatMap(user -> find(tx, user))
                        .flatMap(user -> tx.first(
                                ApplicationCredentialRow.class,
                                "from ApplicationCredentialRow where userId = :user and name = :name",
                                Map.of("user", user.id, "name", request.name().orElse(""))));
    }

    private Optional<UserRow> find(Transaction tx, AuthRequest.User user) {
        Optional<UserRow> found = user.id().isPresent()
                ? users.find(tx, user.id().get())
                : user.domain()
                        .flatMap(domain -> domain.id().isPresent()
                                ? users.findByName(
                                        tx, domain.id().get(), user.name().orElse(""))
                                : users.findInDomain(
                                        tx,
                                        domain.name().orElse(""),
                                        user.name().orElse("")));
        found.ifPresent(row -> attempt.as(row.id));
        return found;
    }

    Optional<ProjectRow> findDomain(Transaction tx, AuthRequest.Domain domain) {
        return domain.id().isPresent()
                ? projects.findDomain(tx, domain.id().get())
                : projects.findDomainByName(tx, domain.name().orElse(""));
    }

    /** The user of that id, if he may sign in. */
    public UserRow usable(Transaction tx, String userId) {
        return users.find(tx, userId)
                .filter(row -> row.enabled && domainEnabled(tx, row))
                .orElseThrow(Faults::unauthorized);
    }

    private Answer<UserRow> byId(String id) {
        return usable(new AuthRequest.User(Optional.of(id), Optional.empty(), Optional.empty()))
                .orElseThrow(Faults::unauthorized);
    }

    /** Empty when there is none or he may not sign in. */
    private Optional<Answer<UserRow>> usable(AuthRequest.User user) {
        Optional<Answer<UserRow>> found =
                known.find(user, () -> db.read(tx -> find(tx, user).filter(row -> usable(tx, row))));
        found.ifPresent(answer -> attempt.as(answer.value().id));
        return found;
    }

    private static Answer<UserRow> now(UserRow user) {
        return new Answer<>(user, Instant.now());
    }

    /** The user and his domain are enabled. */
    boolean usable(Transaction tx, UserRow user) {
        return compliance.enabled(user) && domainEnabled(tx, user);
    }

    private boolean domainEnabled(Transaction tx, UserRow row) {
        @Nullable ProjectRow domain = projects.findDomain(tx, row.domainId).orElse(null);
        return domain != null && domain.enabled;
    }
}
