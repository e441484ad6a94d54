package io.nephos.identity.token;

import io.nephos.identity.audit.Attempt;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.credential.Delegation;
import io.nephos.identity.credential.SecretHash;
import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.user.Arrivals;
import io.nephos.identity.user.Compliance;
import io.nephos.identity.user.Passwords;
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
    /** No domain has this id. */
    private static final String NOWHERE = "-";

    private final Database db;
    private final Keycloak keycloak;
    private final Passwords passwords;
    private final RecentProofs proofs;
    private final UserStore users;
    private final ProjectStore projects;
    private final TokenVerifier verifier;
    private final Compliance compliance;
    private final UserAccounts accounts;
    private final Attempt attempt;
    private final Arrivals arrivals;
    private final Passcodes passcodes;
    private final RevocationFeed revocations;
    private final RecentAnswers<AuthRequest.User, Candidate> known;
    private final RecentAnswers<CredentialName, ApplicationCredentialRow> knownCredentials;

    @Inject
    public Identification(
            Database db,
            Keycloak keycloak,
            Passwords passwords,
            RecentProofs proofs,
            UserStore users,
            ProjectStore projects,
            TokenVerifier verifier,
            Compliance compliance,
            UserAccounts accounts,
            Attempt attempt,
            Arrivals arrivals,
            Passcodes passcodes,
            RevocationFeed revocations) {
        this.db = db;
        this.keycloak = keycloak;
        this.passwords = passwords;
        this.proofs = proofs;
        this.users = users;
        this.projects = projects;
        this.verifier = verifier;
        this.compliance = compliance;
        this.accounts = accounts;
        this.attempt = attempt;
        this.arrivals = arrivals;
        this.passcodes = passcodes;
        this.revocations = revocations;
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
            Instant at) {}

    /** What the receipt says was shown before counts as shown now. */
    Identified identify(AuthRequest request, Optional<Receipt> receipt) {
        Optional<Token> parent = request.token().map(this::byToken);
        Optional<Answer<ApplicationCredentialRow>> credential =
                request.applicationCredential().map(this::byCredential);
        List<Answer<UserRow>> found = new ArrayList<>();
        parent.ifPresent(token -> found.add(byId(token.userId())));
        credential.ifPresent(row -> found.add(byId(row.value().userId)));
        Optional<String> passcode = request.totp().map(AuthRequest.Passcode::passcode);
        Optional<Answer<UserRow>> proven = request.password().map(password -> byPassword(password, passcode));
        proven.ifPresent(found::add);
        // After the others, so that nobody tries passcodes of whom he knows nothing else.
        request.totp().ifPresent(totp -> found.add(byPasscode(totp, proven.map(Answer::value))));
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

    /**
     * Who is meant.
     *
     * @param usable he may sign in
     * @param newIn the enabled domain in which we know nobody of that name
     */
    private record Candidate(Optional<UserRow> row, boolean usable, Optional<String> newIn) {
        Optional<UserRow> user() {
            return row.filter(known -> usable);
        }
    }

    /** Nobody is remembered as somebody is, or the time that it takes would tell of him. */
    private Answer<Candidate> candidate(AuthRequest.User asked) {
        Answer<Candidate> who = known.find(asked, () -> {
                    revocations.settle();
                    return Optional.of(db.read(tx -> candidate(tx, asked)));
                })
                .orElseThrow();
        who.value().row().ifPresent(row -> attempt.as(row.id));
        return who;
    }

    /** Two statements, whatever comes of them. */
    private Candidate candidate(Transaction tx, AuthRequest.User asked) {
        Optional<UserRow> row = find(tx, asked);
        AuthRequest.Domain domain = row.map(
                        user -> new AuthRequest.Domain(Optional.of(user.domainId), Optional.empty()))
                .or(asked::domain)
                .orElse(new AuthRequest.Domain(Optional.of(NOWHERE), Optional.empty()));
        Optional<String> enabled =
                findDomain(tx, domain).filter(one -> one.enabled).map(one -> one.id);
        return new Candidate(
                row,
                enabled.isPresent() && row.filter(compliance::enabled).isPresent(),
                enabled.filter(id -> row.isEmpty() && asked.name().isPresent()));
    }

    /** Keycloak is asked once, whoever it is. */
    private Answer<UserRow> byPassword(AuthRequest.Password request, Optional<String> passcode) {
        Answer<Candidate> who = candidate(request.user());
        Optional<UserRow> user = who.value().user().filter(row -> !row.federated());
        if (user.isPresent()) {
            requireRight(user.get(), request.password(), passcode);
            return new Answer<>(user.get(), who.at());
        }
        if (who.value().newIn().isEmpty()) {
            return nobody(request.user(), request.password());
        }
        // Nobody we know, but Keycloak may: from its console or a directory behind it.
        return arrivals.signIn(
                        who.value().newIn().get(), request.user().name().orElse(""), request.password(), passcode)
                .map(row -> byId(row.id))
                .orElseThrow(Faults::unauthorized);
    }

    private void requireRight(UserRow row, String password, Optional<String> passcode) {
        BooleanSupplier check = () -> passwords.right(row, password, passcode);
        // With a passcode it is a proof for once, and not to be remembered.
        boolean right = passcode.isPresent()
                ? proofs.once(row.id, check)
                : proofs.right(row.id, row.domainId, Optional.empty(), password, check);
        if (!right) {
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
    }

    private Answer<UserRow> nobody(AuthRequest.User user, String secret) {
        passwords.nobodys(called(user), secret);
        throw Faults.unauthorized();
    }

    private static String called(AuthRequest.User user) {
        return user.name().or(user::id).orElse("");
    }

    /** A wrong one costs what a wrong password costs. {@code proven}: by a password, with which Keycloak had the passcode. */
    private Answer<UserRow> byPasscode(AuthRequest.Passcode request, Optional<UserRow> proven) {
        Answer<Candidate> who = candidate(request.user());
        Optional<UserRow> user = who.value().user();
        if (proven.isPresent()) {
            return user.filter(row -> row.id.equals(proven.get().id))
                    .filter(row -> keycloak.asksForPasscode(row.id)
                            || passcodes.right(user, called(request.user()), request.passcode()))
                    .map(row -> new Answer<>(row, who.at()))
                    .orElseThrow(Faults::unauthorized);
        }
        if (!passcodes.right(user, called(request.user()), request.passcode())) {
            return nobody(request.user(), request.passcode());
        }
        return new Answer<>(user.orElseThrow(Faults::unauthorized), who.at());
    }

    private Answer<ApplicationCredentialRow> byCredential(AuthRequest.ApplicationCredential request) {
        CredentialName name = new CredentialName(request.id(), request.name(), request.user());
        Optional<Answer<ApplicationCredentialRow>> found = knownCredentials.find(name, () -> {
            revocations.settle();
            return db.read(tx -> find(tx, name));
        });
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
        Answer<Candidate> who = candidate(new AuthRequest.User(Optional.of(id), Optional.empty(), Optional.empty()));
        return new Answer<>(who.value().user().orElseThrow(Faults::unauthorized), who.at());
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
