package io.nephos.image.ticket;

import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The tickets that are out: while there is one, the bytes of its image stay, also when the image is deleted. */
@ApplicationScoped
class TicketStore {
    /** As many may be issued at the same moment, to the same host, for the same image. */
    private static final int TRIES = 100;

    private final Database database;
    private final ImageStore images;

    @Inject
    TicketStore(Database database, ImageStore images) {
        this.database = database;
        this.images = images;
    }

    /** One that no other is equal to: of several of a host, each lasts a second longer. Empty when the image is gone. */
    Optional<Ticket> issue(String imageId, String host, Instant until) {
        for (int i = 0; i < TRIES; i++) {
            List<Row> made = database.rows(
                    "insert into image_ticket (image_id, host, until) select id, $2::text, greatest($3::timestamptz,"
                            + " (select max(until) + interval '1 second' from image_ticket where image_id = $1"
                            + " and host = $2)) from image where id = $1 and status <> 'deleted'"
                            + " on conflict do nothing returning until",
                    imageId,
                    host,
                    until.atOffset(ZoneOffset.UTC));
            if (!made.isEmpty()) {
                return Optional.of(new Ticket(
                        imageId, host, made.getFirst().getOffsetDateTime(0).toInstant()));
            }
            if (images.find(imageId).isEmpty()) {
                break;
            }
        }
        return Optional.empty();
    }

    /** What it kept goes, unless another keeps it. */
    void release(Ticket ticket) {
        boolean ofDeleted = !database.rows(
                        "with gone as (delete from image_ticket where image_id = $1 and host = $2 and until = $3"
                                + " returning image_id) select 1 from image join gone on id = image_id"
                                + " where status = 'deleted'",
                        ticket.imageId(),
                        ticket.host(),
                        ticket.expiresAt().atOffset(ZoneOffset.UTC))
                .isEmpty();
        if (ofDeleted) {
            images.wake(ticket.imageId());
        }
    }
}
