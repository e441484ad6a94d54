package io.nephos.image.member;

import io.nephos.image.image.Bounds;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Members in the database. */
@ApplicationScoped
class MemberStore {
    private static final String ONE = "from MemberRow where imageId = :image and memberId = :member";
    private final Database database;
    private final Bounds bounds;

    @Inject
    MemberStore(Database database, Bounds bounds) {
        this.database = database;
        this.bounds = bounds;
    }

    /** 409 when it is a member already, 413 when there are too many. */
    MemberRow add(String imageId, String memberId) {
        MemberRow row = new MemberRow();
        row.id = UUID.randomUUID().toString();
        row.imageId = imageId;
        row.memberId = memberId;
        row.status = "pending";
        row.createdAt = ImageStore.now();
        row.updatedAt = row.createdAt;
        try {
            database.run(tx -> {
                tx.serialize("members of " + imageId);
                long members =
                        tx.count("select count(*) from MemberRow where imageId = :image", Map.of("image", imageId));
                bounds.requireMembers(members + 1);
                tx.insert(row);
            });
        } catch (UniqueViolation already) {
            throw Fault.conflict(
                    "The target member " + memberId + " is already associated with image " + imageId + ".");
        }
        return row;
    }

    List<MemberRow> list(String imageId) {
        return database.read(tx -> tx.list(
                MemberRow.class,
                "from MemberRow where imageId = :image order by createdAt, memberId",
                Map.of("image", imageId)));
    }

    /** 404 when there is none. */
    MemberRow find(String imageId, String memberId) {
        return database.read(tx -> tx.first(MemberRow.class, ONE, Map.of("image", imageId, "member", memberId)))
                .orElseThrow(() -> missing(imageId, memberId));
    }

    MemberRow answer(String imageId, String memberId, String status) {
        return database.write(tx -> {
            MemberRow row = tx.first(MemberRow.class, ONE, Map.of("image", imageId, "member", memberId))
                    .orElseThrow(() -> missing(imageId, memberId));
            row.status = status;
            row.updatedAt = ImageStore.now();
            tx.update(row);
            return row;
        });
    }

    void remove(String imageId, String memberId) {
        int removed = database.write(tx -> tx.execute(
                "delete from MemberRow where imageId = :image and memberId = :member",
                Map.of("image", imageId, "member", memberId)));
        if (removed == 0) {
            throw missing(imageId, memberId);
        }
    }

    /** That project is a member of nothing any more. */
    void forget(String memberId) {
        database.run(tx -> tx.execute("delete from MemberRow where memberId = :member", Map.of("member", memberId)));
    }

    private static FaultException missing(String imageId, String memberId) {
        return Fault.notFound(memberId + " not found in the member list of the image " + imageId + ".");
    }
}
