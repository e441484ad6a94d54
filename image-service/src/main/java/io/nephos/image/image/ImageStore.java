package io.nephos.image.image;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ImageEvent;
import io.nephos.image.quota.Room;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Images in the database, and who sees which. Every change leaves with its event in the same transaction. */
@ApplicationScoped
public class ImageStore {
    public static final String TOPIC = "nephos.image.image";

    private static final Logger LOG = Logger.getLogger(ImageStore.class);

    private final Database database;
    private final Policy policy;
    private final AtomicLong inserted = new AtomicLong();

    @Inject
    public ImageStore(Database database, Policy policy) {
        this.database = database;
        this.policy = policy;
    }

    /** 409 when there is an image of that id, 413 when there is no room for it. */
    void insert(Image image, Room room) {
        try {
            database.run(tx -> {
                room.require(tx);
                insert(tx, image);
            });
        } catch (UniqueViolation taken) {
            throw taken(image.id());
        }
    }

    public void insert(Transaction tx, Image image) {
        ImageRow row = ImageRow.of(image);
        tx.insert(row);
        publish(tx, row, Change.CHANGE_CREATED);
        tx.afterCommit(this::grew);
    }

    /**
     * PostgreSQL sees how large a table has grown at its next look, once a minute at most; until then prepared statements would
     * read all of it for each page, as was right while it was small.
     */
    private void grew() {
        long made = inserted.incrementAndGet();
        if (made >= 64 && Long.bitCount(made) == 1) {
            try {
                database.execute("analyze (skip_locked) image");
            } catch (RuntimeException e) {
                LOG.infof("How many images there are is seen later: %s", e.getMessage());
            }
        }
    }

    public static FaultException taken(String id) {
        return Fault.conflict("Image ID " + id + " already exists!");
    }

    /** The image, unless it is deleted. */
    public Optional<Image> find(String id) {
        return database
                .rows("select " + ImageRow.COLUMNS + " from image where id = $1 and status <> 'deleted'", id)
                .stream()
                .findFirst()
                .map(row -> ImageRow.of(row).toImage());
    }

    /** The image with its transfer, deleted or not; for reconcilers. */
    public Optional<Image> withTransfer(String id) {
        return database.read(tx -> tx.find(ImageRow.class, id)).map(ImageRow::toImage);
    }

    /** The image when that caller may know of it; else 404. */
    public Image visible(Caller caller, String id) {
        Shared found = shared(caller, id);
        if (!policy.allows("get_image", caller, found.target())) {
            throw missing(id);
        }
        return found.image();
    }

    /**
     * The image when the rule allows this; else 403, or 404 to who may not know of it. Who may do something with an image need
     * not be one who may look at it.
     */
    public Image permitted(String rule, Caller caller, String id) {
        Shared found = shared(caller, id);
        if (!policy.allows("get_image", caller, found.target()) && !policy.allows(rule, caller, found.target())) {
            throw missing(id);
        }
        policy.require(rule, caller, found.target());
        return found.image();
    }

    /** An image, and what the rules look at. */
    private record Shared(Image image, Map<String, String> target) {}

    /** The image when it is the caller's, or there for others too. */
    private Shared shared(Caller caller, String id) {
        Image image = find(id).orElseThrow(() -> missing(id));
        Attributes attributes = image.attributes();
        boolean member = isMember(caller, image);
        if (!isShared(caller, attributes.owner(), attributes.visibility(), member)) {
            throw missing(id);
        }
        return new Shared(image, target(caller, image, member));
    }

    private boolean isShared(Caller caller, String owner, Visibility visibility, boolean member) {
        return owner.equals(caller.project())
                || switch (visibility) {
                    case PUBLIC, COMMUNITY -> true;
                    case SHARED -> member;
                    case PRIVATE -> false;
                }
                || isAdmin(caller);
    }

    /** True when the operator hides images that {@link #list} finds. */
    boolean hidesSome() {
        return !policy.isUsual("get_image");
    }

    /** Of images that are the caller's, or there for others too, those that it may know of. */
    Set<String> visibleAmong(Set<String> ids, Caller caller) {
        return database
                .rows("select " + ImageRow.COLUMNS + " from image where id = any($1) and status <> 'deleted'", (Object)
                        ids.toArray(String[]::new))
                .stream()
                .map(row -> ImageRow.of(row).toImage())
                .filter(image -> policy.allows("get_image", caller, target(caller, image)))
                .map(Image::id)
                .collect(Collectors.toSet());
    }

    /** What the rules look at: its attributes and properties as well. */
    public Map<String, String> target(Caller caller, Image image) {
        return target(caller, image, isMember(caller, image));
    }

    static Map<String, String> target(Caller caller, Image image, boolean member) {
        Attributes attributes = image.attributes();
        // What its owner calls a property must not pass for what decides.
        Map<String, String> target = new HashMap<>(attributes.properties());
        target.put("id", image.id());
        target.put("name", attributes.name().orElse(""));
        target.put("status", image.status().wire());
        target.put("disk_format", attributes.diskFormat().orElse(""));
        target.put("container_format", attributes.containerFormat().orElse(""));
        target.putAll(target(caller, attributes.owner(), attributes.visibility(), member));
        return target;
    }

    private static Map<String, String> target(Caller caller, String owner, Visibility visibility, boolean member) {
        return Map.of(
                "project_id",
                owner,
                "owner",
                owner,
                "visibility",
                visibility.wire(),
                "member_id",
                member ? caller.project() : "");
    }

    /** Changes the image under its lock; 404 when it is gone. */
    public Image change(String id, UnaryOperator<Image> change) {
        return database.write(tx -> change(tx, id, change));
    }

    /** As {@link #change(String, UnaryOperator)}, when nothing is against it. */
    public Image change(String id, Consumer<Transaction> condition, UnaryOperator<Image> change) {
        return database.write(tx -> {
            condition.accept(tx);
            return change(tx, id, change);
        });
    }

    public Image change(Transaction tx, String id, UnaryOperator<Image> change) {
        ImageRow row = tx.lock(ImageRow.class, id)
                .filter(found -> !found.status.equals(Status.DELETED.wire()))
                .orElseThrow(() -> missing(id));
        Image before = row.toImage();
        Image after = change.apply(before);
        if (after.equals(before)) {
            return before;
        }
        row.take(after);
        row.updatedAt = now();
        if (after.transfer().isPresent() || after.status() == Status.DELETED) {
            tx.wake(ImageReconciler.KIND, id);
        }
        SpentReconciler.removeGivenUp(tx, before, after);
        tx.update(row);
        publish(tx, row, after.status() == Status.DELETED ? Change.CHANGE_DELETED : Change.CHANGE_UPDATED);
        return row.toImage();
    }

    /** The receiving process is alive. False when that transfer is no longer wanted. */
    public boolean renew(String id, String transferKey, Duration lease) {
        return database.execute(
                        "update image set transfer_until = now() + $3 * interval '1 millisecond'"
                                + " where id = $1 and transfer_key = $2 and status <> 'deleted'",
                        id,
                        transferKey,
                        lease.toMillis())
                == 1;
    }

    /** That transfer has ended, and its image was deleted before: nothing needs to wait for it any more. */
    public void forgetTransfer(String id, String transferKey) {
        database.run(tx -> tx.lock(ImageRow.class, id)
                .filter(row -> transferKey.equals(row.transferKey))
                .ifPresent(row -> {
                    row.take(row.toImage().forgetTransfer());
                    tx.update(row);
                    tx.wake(ImageReconciler.KIND, id);
                }));
    }

    /** Its reconciler looks at it at once. */
    public void wake(String id) {
        database.run(tx -> tx.wake(ImageReconciler.KIND, id));
    }

    /** Tickets that expired without being given back. */
    public void forgetExpiredTickets() {
        database.execute("delete from image_ticket where until <= now()");
    }

    /** Its bytes, also when it was deleted and a ticket still keeps them. */
    public Optional<Content> contentOf(String id) {
        return withTransfer(id).flatMap(Image::available);
    }

    /** Ids of the images whose bytes have that digest. */
    public List<String> withDigest(String sha512) {
        return database
                .rows("select id from image where os_hash_value = $1 and status <> 'deleted' order by id", sha512)
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    boolean ticketLives(String id) {
        return !database.rows(
                        "select 1 from image where id = $1 and (ticket_until > now()"
                                + " or exists (select 1 from image_ticket where image_id = id and until > now()))",
                        id)
                .isEmpty();
    }

    /** Nothing of it is left anywhere: forgets the row. */
    void forget(String id) {
        database.execute("delete from image where id = $1 and status = 'deleted'", id);
    }

    /** Images whose transfer an earlier life of that process began. */
    public List<Image> leftBehind(String owner, String formerly) {
        return database
                .read(tx -> tx.list(
                        ImageRow.class,
                        "from ImageRow where transferOwner like :formerly and transferOwner <> :owner",
                        Map.of("formerly", formerly, "owner", owner)))
                .stream()
                .map(ImageRow::toImage)
                .toList();
    }

    /** True while a row speaks of bytes under that key, there or arriving. */
    public boolean knowsKey(String key) {
        return !database.rows("select 1 from image where transfer_key = $1 or copies like '%' || $1 || '%'", key)
                .isEmpty();
    }

    /** One page, and one more when there is more. 400 for a marker that the caller does not see. */
    List<RenderedImages.Version> list(ImageQuery query, Caller caller) {
        ImageSql sql = ImageSql.of(query, caller.project(), isAdmin(caller));
        List<Row> found = database.rows(sql.text(), sql.parameters());
        if (query.marker().isPresent()) {
            String marker = query.marker().get();
            if (found.isEmpty() || !isVisible(found.getFirst(), marker, caller)) {
                throw Fault.badRequest("Invalid marker: image " + marker + " could not be found.");
            }
            found = found.subList(1, found.size());
        }
        return found.stream()
                .map(row -> new RenderedImages.Version(
                        row.getString(0), row.getLong(1), row.getOffsetDateTime(2), row.getString(3)))
                .toList();
    }

    private boolean isVisible(Row row, String marker, Caller caller) {
        String owner = row.getString("owner");
        Visibility visibility = Visibility.of(row.getString("visibility"));
        boolean member = row.getBoolean("member");
        return row.getString("id").equals(marker)
                && isShared(caller, owner, visibility, member)
                && policy.allows("get_image", caller, target(caller, owner, visibility, member));
    }

    public boolean isAdmin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    public static FaultException missing(String id) {
        return Fault.notFound("No image found with ID " + id);
    }

    /** With the resolution that the database keeps. */
    public static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    private boolean isMember(Caller caller, Image image) {
        return image.attributes().visibility() == Visibility.SHARED
                && !database.rows(
                                "select 1 from image_member where image_id = $1 and member_id = $2",
                                image.id(),
                                caller.project())
                        .isEmpty();
    }

    private static void publish(Transaction tx, ImageRow row, Change change) {
        tx.publish(
                TOPIC,
                row.id,
                ImageEvent.newBuilder()
                        .setId(row.id)
                        .setSha512(row.sha512 == null ? "" : row.sha512)
                        .setOwner(row.owner)
                        .setChange(change)
                        .setGeneration(row.generation)
                        .build());
    }
}
