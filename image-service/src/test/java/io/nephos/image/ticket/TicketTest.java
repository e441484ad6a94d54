package io.nephos.image.ticket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TicketTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Ticket TICKET = new Ticket("image", "host\nwith a line", NOW.plusSeconds(60));

    @Test
    void whatWasSignedIsReadAgainUntilItExpires() {
        String token = TICKET.sign(KEY);
        assertEquals(Optional.of(TICKET), Ticket.read(token, KEY, NOW));
        assertEquals(Optional.empty(), Ticket.read(token, KEY, NOW.plusSeconds(60)));
    }

    @Test
    void whatWasChangedOrSignedByAnotherIsNotRead() {
        String token = TICKET.sign(KEY);
        String[] parts = token.split("\\.");
        String other =
                new Ticket("other", "host", NOW.plusSeconds(60)).sign(KEY).split("\\.")[0];
        for (String bad : new String[] {"", ".", "x", "x.y", parts[0] + ".", other + "." + parts[1], "é.ü"}) {
            assertEquals(Optional.empty(), Ticket.read(bad, KEY, NOW), bad);
        }
        assertEquals(Optional.empty(), Ticket.read(token, new byte[] {9}, NOW));
    }
}
