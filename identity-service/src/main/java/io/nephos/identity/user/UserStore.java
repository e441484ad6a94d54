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
                "from UserRow where domainId = :domain and lower(name) = lower(:name) and state = 'active'"
                        + " and origin <> 'federated'",
                Map.of("domain", domainId, "name", name));
    }

    /** By the name of his domain and his own, in one statement, for every sign-in asks it. */
    public Optional<UserRow> findInDomain(Transaction tx, String domainName, String name) {
        return tx.first(
                UserRow.class,
                "select u from UserRow u, ProjectRow d where d.id = u.domainId and d.isDomain and d.name = :domain"
                        + " and lower(u.name) = lower(:name) and u.state = 'active' and u.origin <> 'federated'",
                Map.of("domain", domainName, "name", name));
    }

    /** A user whom Keycloak lost makes way for a new one of his name, with all that he had. False when there is none. */
    boolean forgetMissing(Transaction tx, String domainId, String name) {
        Optional<UserRow> lost = tx.first(
                UserRow.class,
                "from UserRow where domainId = :domain and lower(name) = lower(:name) and state = 'missing'",
                Map.of("domain", domainId, "name", name));
        lost.ifPresent(row -> {
            startDeleting(tx, row);
            tx.execute("delete from UserRow where id = :id", Map.of("id", row.id));
        });
        return lost.isPresent();
    }

    public List<UserRow> ofGroup(Transaction tx, String groupId) {
        return tx.list(
                UserRow.class,
                "from UserRow where state = 'active'"
                        + " and id in (select userId from MembershipRow where groupId = :group) order by id",
                Map.of("group", groupId));
    }

    /**
     * He has been disabled: his tokens end, and his application credentials and their rules are gone for good, as in
     * Keystone, or who had a secret of his would be let in again with him.
     */
    void disabled(Transaction tx, String id) {
        revocations.user(tx, id);
        tx.execute("delete from ApplicationCredentialRow where userId = :id", Map.of("id", id));
        tx.execute("delete from AccessRuleRow where userId = :id", Map.of("id", id));
    }

    /** From now on nobody sees it or signs in as it; the reconciler tells Keycloak and forgets the row. */
    public void startDeleting(Transaction tx, UserRow row) {
        Map<String, String> id = Map.of("id", row.id);
        row.state = UserRow.DELETING;
        row.enabled = false;
        tx.update(row);
        // While his trusts are still there: their tokens go with his.
        revocations.user(tx, row.id);
        tx.execute("delete from MembershipRow where userId = :id", id);
        tx.execute("delete from AssignmentRow where actorId = :id", id);
        tx.executeNative(
                "with recursive gone (id) as (select id from trust where trustor_user_id = :id or trustee_user_id = :id"
                        + " union select t.id from trust t join gone g on t.redelegated_from = g.id)"
                        + " delete from trust where id in (select id from gone)",
                id);
        tx.execute("delete from ApplicationCredentialRow where userId = :id", id);
        tx.execute("delete from CredentialRow where userId = :id", id);
        tx.executeNative("delete from passcode_failure where user_id = :id", id);
        tx.wake(UserReconciler.KIND, row.id);
    }
}
