package io.nephos.identity.user;

import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Users in the database. Only active ones are seen from outside this package. */
@ApplicationScoped
public class UserStore {
    private static final String USABLE = "select u from UserRow u, ProjectRow d where d.id = u.domainId and d.isDomain"
            + " and d.enabled and u.enabled and u.state = 'active' and ";

    private final RevocationFeed revocations;

    @Inject
    public UserStore(RevocationFeed revocations) {
        this.revocations = revocations;
    }

    public Optional<UserRow> find(Transaction tx, String id) {
        return tx.find(UserRow.class, id).filter(row -> row.state.equals(UserRow.ACTIVE));
    }

    public UserRow require(Transaction tx, String id) {
        return find(tx, id).orElseThrow(() -> Faults.notFound("user", id));
    }

    public Optional<UserRow> findByName(Transaction tx, String domainId, String name) {
        return tx.first(
                UserRow.class,
                "from UserRow where domainId = :domain and lower(name) = lower(:name) and state = 'active'",
                Map.of("domain", domainId, "name", name));
    }

    /** The user, if he may sign in: he is enabled, and his domain is. One statement, for every token asks it. */
    public Optional<UserRow> findUsable(Transaction tx, String id) {
        return tx.first(UserRow.class, USABLE + "u.id = :id", Map.of("id", id));
    }

    /** As {@link #findUsable}, by the id of his domain and his name. */
    public Optional<UserRow> findUsableByName(Transaction tx, String domainId, String name) {
        return tx.first(
                UserRow.class,
                USABLE + "d.id = :domain and lower(u.name) = lower(:name)",
                Map.of("domain", domainId, "name", name));
    }

    /** As {@link #findUsable}, by the name of his domain and his own. */
    public Optional<UserRow> findUsableInDomain(Transaction tx, String domainName, String name) {
        return tx.first(
                UserRow.class,
                USABLE + "d.name = :domain and lower(u.name) = lower(:name)",
                Map.of("domain", domainName, "name", name));
    }

    public List<UserRow> ofGroup(Transaction tx, String groupId) {
        return tx.list(
                UserRow.class,
                "from UserRow where state = 'active'"
                        + " and id in (select userId from MembershipRow where groupId = :group) order by id",
                Map.of("group", groupId));
    }

    /** From now on nobody sees it or signs in as it; the reconciler tells Keycloak and forgets the row. */
    public void startDeleting(Transaction tx, UserRow row) {
        Map<String, String> id = Map.of("id", row.id);
        row.state = UserRow.DELETING;
        row.enabled = false;
        tx.update(row);
        tx.execute("delete from MembershipRow where userId = :id", id);
        tx.execute("delete from AssignmentRow where actorId = :id", id);
        tx.execute("delete from TrustRow where trustorUserId = :id or trusteeUserId = :id", id);
        tx.execute("delete from ApplicationCredentialRow where userId = :id", id);
        tx.execute("delete from CredentialRow where userId = :id", id);
        revocations.user(tx, row.id);
        tx.wake(UserReconciler.KIND, row.id);
    }
}
