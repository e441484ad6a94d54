package io.nephos.identity.group;

import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Groups and who is in them. */
@ApplicationScoped
public class GroupStore {
    private final RevocationFeed revocations;

    @Inject
    public GroupStore(RevocationFeed revocations) {
        this.revocations = revocations;
    }

    public Optional<GroupRow> find(Transaction tx, String id) {
        return tx.find(GroupRow.class, id);
    }

    public GroupRow require(Transaction tx, String id) {
        return find(tx, id).orElseThrow(() -> Faults.notFound("group", id));
    }

    /** Those too that a mapping gives him for a while. */
    public List<GroupRow> ofUser(Transaction tx, String userId) {
        return tx.list(
                GroupRow.class,
                "from GroupRow where id in (select groupId from MembershipRow where userId = :user)"
                        + " or id in (select groupId from FederatedMembershipRow where userId = :user"
                        + " and expiresAt > current_timestamp) order by id",
                Map.of("user", userId));
    }

    /** All whose roles it gives, those too whom a mapping has put there for a while. */
    public List<String> memberIds(Transaction tx, String groupId) {
        return tx.listNative(
                String.class,
                "select user_id from membership where group_id = :group"
                        + " union select user_id from federated_membership where group_id = :group",
                Map.of("group", groupId));
    }

    boolean isMember(Transaction tx, String groupId, String userId) {
        return tx.find(MembershipRow.class, MembershipRow.key(groupId, userId)).isPresent();
    }

    void add(Transaction tx, String groupId, String userId) {
        tx.executeNative(
                "insert into membership (id, group_id, user_id) values (:id, :group, :user) on conflict do nothing",
                Map.of("id", MembershipRow.key(groupId, userId), "group", groupId, "user", userId));
    }

    /** The user loses what the group gave him, so his tokens go. */
    boolean remove(Transaction tx, String groupId, String userId) {
        int removed = tx.execute(
                "delete from MembershipRow where id = :id", Map.of("id", MembershipRow.key(groupId, userId)));
        if (removed > 0) {
            revocations.user(tx, userId);
        }
        return removed > 0;
    }

    public void delete(Transaction tx, GroupRow row) {
        memberIds(tx, row.id).forEach(user -> revocations.user(tx, user));
        tx.execute("delete from AssignmentRow where actorId = :id", Map.of("id", row.id));
        tx.delete(row);
    }
}
