package io.nephos.identity.token;

import io.nephos.identity.accessrule.AccessRuleRow;
import io.nephos.identity.accessrule.AccessRuleStore;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.trust.TrustRow;
import io.nephos.identity.trust.TrustStore;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.RecentAnswers;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.AccessRule;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What an identified user gets: the scope he asks for, if he has a role there. 401 when not, without saying why. */
@ApplicationScoped
public class TokenIssue {
    private final ProjectStore projects;
    private final UserStore users;
    private final RoleStore roles;
    private final AssignmentStore assignments;
    private final Identification identification;
    private final TrustStore trusts;
    private final AccessRuleStore accessRules;
    private final RevocationFeed revocations;
    private final Database db;
    private final Duration lifetime;
    private final RecentAnswers<Asked, Given> recent;

    @Inject
    public TokenIssue(
            ProjectStore projects,
            UserStore users,
            RoleStore roles,
            AssignmentStore assignments,
            Identification identification,
            TrustStore trusts,
            AccessRuleStore accessRules,
            RevocationFeed revocations,
            Database db,
            @ConfigProperty(name = "nephos.identity.token-lifetime") long lifetimeSeconds) {
        this.projects = projects;
        this.users = users;
        this.roles = roles;
        this.assignments = assignments;
        this.identification = identification;
        this.trusts = trusts;
        this.accessRules = accessRules;
        this.revocations = revocations;
        this.db = db;
        this.lifetime = Duration.ofSeconds(lifetimeSeconds);
        this.recent = new RecentAnswers<>(db);
    }

    /** Who and what a token is for; the roles are names in lower case. */
    private record Grantee(
            UserRow user,
            Optional<ProjectRow> project,
            Optional<ProjectRow> domain,
            boolean system,
            List<String> roles) {
        static Grantee unscoped(UserRow user) {
            return new Grantee(user, Optional.empty(), Optional.empty(), false, List.of());
        }
    }

    private record Given(Grantee grantee, List<AccessRule> rules) {}

    private record Asked(String userId, Optional<String> credentialId, AuthRequest.Scope scope) {}

    /**
     * As {@link #issue(Transaction, Identified, AuthRequest.Scope)}, from what was known a moment ago. The token is of that
     * moment as well, so that whatever was revoked since is revoked for it. Not for a trust, whose uses are counted.
     */
    Token issue(Identified who, AuthRequest.Scope scope) {
        refuseRescoping(who, scope);
        Asked asked = new Asked(who.user().id, who.credential().map(row -> row.id), scope);
        RecentAnswers.Answer<Given> given = recent.find(asked, () -> {
                    revocations.settle();
                    return Optional.of(db.read(tx -> given(tx, who, scope)));
                })
                .orElseThrow();
        Instant at = given.at().isBefore(who.at()) ? given.at() : who.at();
        return token(who, given.value(), Optional.empty(), at);
    }

    public Token issue(Transaction tx, Identified who, AuthRequest.Scope scope) {
        refuseRescoping(who, scope);
        Optional<String> trust =
                scope instanceof AuthRequest.Scope.Trust asked ? Optional.of(asked.id()) : Optional.empty();
        return token(who, given(tx, who, scope), trust, who.at());
    }

    private Given given(Transaction tx, Identified who, AuthRequest.Scope scope) {
        Grantee grantee = who.credential().isPresent()
                ? byCredential(tx, who.user(), who.credential().get())
                : switch (scope) {
                    case AuthRequest.Scope.Unspecified none -> byDefault(tx, who.user());
                    case AuthRequest.Scope.Unscoped none -> Grantee.unscoped(who.user());
                    case AuthRequest.Scope.Project project ->
                        onProject(tx, who.user(), find(tx, project).orElseThrow(Faults::unauthorized))
                                .orElseThrow(Faults::unauthorized);
                    case AuthRequest.Scope.OfDomain domain -> onDomain(tx, who.user(), domain.domain());
                    case AuthRequest.Scope.Whole all -> onSystem(tx, who.user());
                    case AuthRequest.Scope.Trust asked -> byTrust(tx, who.user(), asked.id());
                };
        List<AccessRule> rules = who.credential()
                .map(row -> accessRules.ofCredential(tx, row.id).stream()
                        .map(AccessRuleRow::rule)
                        .toList())
                .orElse(List.of());
        return new Given(grantee, rules);
    }

    private Token token(Identified who, Given given, Optional<String> trust, Instant at) {
        Grantee grantee = given.grantee();
        Instant issued = Instant.ofEpochMilli(at.toEpochMilli());
        String auditId = auditId();
        return new Token(
                grantee.user().id,
                grantee.user().domainId,
                grantee.project().map(row -> row.id),
                grantee.project().map(row -> row.domainId),
                grantee.domain().map(row -> row.id),
                grantee.system(),
                grantee.roles(),
                who.methods(),
                // A trust is the head of the chain of its tokens, so that they can be revoked with it.
                trust.or(() -> who.parent().map(parent -> parent.auditIds().getLast()))
                        .map(first -> List.of(auditId, first))
                        .orElse(List.of(auditId)),
                who.credential().map(row -> row.id),
                trust,
                given.rules(),
                issued,
                who.parent()
                        .map(Token::expiresAt)
                        .orElse(Instant.ofEpochSecond(issued.plus(lifetime).getEpochSecond())));
    }

    private static void refuseRescoping(Identified who, AuthRequest.Scope scope) {
        if (who.parent().filter(Token::system).isPresent()
                && (scope instanceof AuthRequest.Scope.Project || scope instanceof AuthRequest.Scope.OfDomain)) {
            throw Faults.forbiddenAction("Using a system-scoped token to create a project-scoped or domain-scoped token"
                    + " is not allowed");
        }
        // Keystone: "Application credentials cannot request a scope." An EC2 key names the project of its credential.
        if (who.credential().isPresent()
                && !(scope instanceof AuthRequest.Scope.Unspecified)
                && !(scope instanceof AuthRequest.Scope.Project project
                        && project.id()
                                .filter(who.credential().get().projectId::equals)
                                .isPresent())) {
            throw Faults.unauthorized();
        }
    }

    private Grantee byDefault(Transaction tx, UserRow user) {
        return Optional.ofNullable(user.defaultProjectId)
                .flatMap(id -> projects.findUsable(tx, id))
                .flatMap(project -> onProject(tx, user, project))
                .orElse(Grantee.unscoped(user));
    }

    private Optional<ProjectRow> find(Transaction tx, AuthRequest.Scope.Project scope) {
        if (scope.id().isPresent()) {
            return projects.findUsable(tx, scope.id().get());
        }
        String name = scope.name().orElse("");
        return scope.domain()
                .flatMap(domain -> domain.id().isPresent()
                        ? projects.findUsableByName(tx, domain.id().get(), name)
                        : projects.findUsableInDomain(tx, domain.name().orElse(""), name));
    }

    private Optional<Grantee> onProject(Transaction tx, UserRow user, ProjectRow project) {
        List<String> names = names(assignments.rolesOf(tx, user.id, Target.project(project.id)));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Grantee(user, Optional.of(project), Optional.empty(), false, names));
    }

    private Grantee onDomain(Transaction tx, UserRow user, AuthRequest.Domain asked) {
        ProjectRow domain =
                identification.findDomain(tx, asked).filter(row -> row.enabled).orElseThrow(Faults::unauthorized);
        List<String> names = names(assignments.rolesOf(tx, user.id, Target.domain(domain.id)));
        if (names.isEmpty()) {
            throw Faults.unauthorized();
        }
        return new Grantee(user, Optional.empty(), Optional.of(domain), false, names);
    }

    private Grantee onSystem(Transaction tx, UserRow user) {
        List<String> names = names(assignments.rolesOf(tx, user.id, Target.SYSTEM));
        if (names.isEmpty()) {
            throw Faults.unauthorized();
        }
        return new Grantee(user, Optional.empty(), Optional.empty(), true, names);
    }

    /** The project of the credential, with those of its roles that the user still has there. */
    private Grantee byCredential(Transaction tx, UserRow user, ApplicationCredentialRow credential) {
        Grantee full = projects.findUsable(tx, credential.projectId)
                .flatMap(project -> onProject(tx, user, project))
                .orElseThrow(Faults::unauthorized);
        return narrowed(tx, full, Attributes.texts(credential.roles)).orElseThrow(Faults::unauthorized);
    }

    /** 404 for a trust that is gone, expired or used up; 403 for one that no longer holds. */
    private Grantee byTrust(Transaction tx, UserRow trustee, String id) {
        TrustRow trust = trusts.find(tx, id).orElseThrow(() -> Faults.notFound("trust", id));
        if (!trust.trusteeUserId.equals(trustee.id)) {
            throw Faults.forbiddenAction("User is not a trustee.");
        }
        List<TrustRow> chain = trusts.chain(tx, trust);
        List<UserRow> trustors = chain.stream()
                .map(one -> users.find(tx, one.trustorUserId)
                        .filter(user -> identification.usable(tx, user))
                        .orElseThrow(() -> Faults.forbiddenAction("One of the trust agents is disabled or deleted")))
                .toList();
        UserRow shown = trust.impersonation ? trustors.getFirst() : trustee;
        Grantee given = trust.projectId == null
                ? Grantee.unscoped(shown)
                : delegated(tx, shown, trustors.getLast(), trust.projectId, Attributes.texts(trust.roles));
        if (!trusts.consume(tx, trust)) {
            throw Fault.forbidden("No remaining uses for trust: " + id + ".");
        }
        return given;
    }

    /** All the roles of the trust and what they imply, each of which the first trustor must have still. */
    private Grantee delegated(Transaction tx, UserRow shown, UserRow first, String projectId, List<String> roleIds) {
        ProjectRow project =
                projects.find(tx, projectId).filter(row -> usable(tx, row)).orElseThrow(Faults::unauthorized);
        List<String> own = names(assignments.rolesOf(tx, first.id, Target.project(projectId)));
        List<RoleRow> wanted = roles.all(tx, assignments.withImplied(tx, roleIds)).stream()
                .filter(RoleRow::global)
                .toList();
        if (wanted.isEmpty() || !own.containsAll(names(wanted))) {
            throw Faults.forbiddenAction("Trustee has no delegated roles.");
        }
        return new Grantee(shown, Optional.of(project), Optional.empty(), false, names(wanted));
    }

    private Optional<Grantee> narrowed(Transaction tx, Grantee full, List<String> roleIds) {
        Set<String> wanted = assignments.withImplied(tx, roleIds);
        List<String> names = names(roles.all(tx, wanted)).stream()
                .filter(full.roles()::contains)
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Grantee(full.user(), full.project(), full.domain(), full.system(), names));
    }

    private boolean usable(Transaction tx, ProjectRow project) {
        return project.enabled
                && projects.findDomain(tx, project.domainId)
                        .map(domain -> domain.enabled)
                        .orElse(false);
    }

    private static List<String> names(List<RoleRow> rows) {
        return rows.stream()
                .map(row -> row.name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private static String auditId() {
        UUID id = UUID.randomUUID();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }
}
