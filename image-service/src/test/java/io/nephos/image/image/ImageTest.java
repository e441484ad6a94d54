package io.nephos.image.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.token.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private static final Transfer TRANSFER = new Transfer("file", "k", "me", NOW);
    private static final Content CONTENT =
            new Content(1, Optional.empty(), "m", "s", List.of(new Content.Copy("file", "k")));

    @Test
    void bytesMakeAQueuedImageActive() {
        Image saving = image().receive(TRANSFER);
        assertEquals(Status.SAVING, saving.status());
        assertTrue(saving.receives("k"));
        assertFalse(saving.receives("another"));
        Image active = saving.received(CONTENT);
        assertEquals(Status.ACTIVE, active.status());
        assertTrue(active.transfer().isEmpty());
    }

    @Test
    void bytesThatDoNotComeLeaveItQueued() {
        Image again = image().receive(TRANSFER).forgetTransfer();
        assertEquals(Status.QUEUED, again.status());
        assertTrue(again.transfer().isEmpty() && again.content().isEmpty());
    }

    @Test
    void onlyAQueuedImageTakesBytes() {
        Image saving = image().receive(TRANSFER);
        assertEquals(409, status(() -> saving.receive(TRANSFER)));
        assertEquals(409, status(() -> saving.received(CONTENT).receive(TRANSFER)));
    }

    @Test
    void anImageWithoutFormatsTakesNoBytesButIntoTheStagingArea() {
        Image formless = image().with(new Draft("p").build());
        assertEquals(400, status(() -> formless.receive(TRANSFER)));
        assertEquals(409, status(formless::importFromElsewhere));
        assertEquals(409, status(formless.stage(TRANSFER).staged(CONTENT)::importStaged));
    }

    @Test
    void whatIsStagedHasItsSizeAndNothingToDownload() {
        Image staged = image().stage(TRANSFER).staged(CONTENT);
        assertEquals(CONTENT.size(), staged.size().orElseThrow());
        assertTrue(staged.available().isEmpty());
        assertTrue(image().size().isEmpty());
    }

    @Test
    void onlyAnActiveImageIsDeactivatedAndTwiceIsOnce() {
        Image active = image().receive(TRANSFER).received(CONTENT);
        assertEquals(Status.DEACTIVATED, active.deactivate().deactivate().status());
        assertEquals(
                Status.ACTIVE, active.deactivate().reactivate().reactivate().status());
        assertEquals(403, status(() -> image().deactivate()));
        assertEquals(403, status(() -> image().reactivate()));
    }

    @Test
    void whatAnOwnerCallsAPropertyDecidesNothing() {
        Draft draft = new Draft("p");
        draft.set("project_id", new TextNode("another"));
        draft.set("os_distro", new TextNode("debian"));
        Caller caller = new Caller(
                "u",
                "default",
                Optional.of("another"),
                Optional.empty(),
                Optional.empty(),
                false,
                Set.of("member"),
                "a",
                "r");
        Map<String, String> target = ImageStore.target(caller, image().with(draft.build()), false);
        assertEquals("p", target.get("project_id"));
        assertEquals("debian", target.get("os_distro"));
        assertEquals("queued", target.get("status"));
    }

    private static int status(Runnable transition) {
        return assertThrows(FaultException.class, transition::run).fault().usualStatus();
    }

    private static Image image() {
        Draft draft = new Draft("p");
        draft.set("disk_format", new TextNode("raw"));
        draft.set("container_format", new TextNode("bare"));
        return new Image("i", Status.QUEUED, draft.build(), Optional.empty(), Optional.empty(), NOW, NOW, 0);
    }
}
