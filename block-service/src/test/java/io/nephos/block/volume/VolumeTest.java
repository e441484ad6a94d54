package io.nephos.block.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.block.volume.Volume.Held;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.Volume.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeTest {
    @Test
    void everyStatusIsReadAsItIsWritten() {
        for (Status status : Status.values()) {
            assertEquals(status, Status.of(status.wire()).orElseThrow());
        }
        assertEquals("in-use", Status.IN_USE.wire());
        assertEquals("error_deleting", Status.ERROR_DELETING.wire());
        assertTrue(Status.of("null").isEmpty());
    }

    @Test
    void everyTaskIsReadAsItIsWritten() {
        for (Task task : Task.values()) {
            assertEquals(task, Task.of(task.wire()));
        }
    }

    @Test
    void aVolumeFollowsItsAttachments() {
        assertEquals(Status.RESERVED, Volume.afterAttachments(Status.AVAILABLE, List.of(Held.RESERVED)));
        assertEquals(Status.ATTACHING, Volume.afterAttachments(Status.RESERVED, List.of(Held.ATTACHING)));
        assertEquals(Status.IN_USE, Volume.afterAttachments(Status.ATTACHING, List.of(Held.ATTACHED)));
        assertEquals(Status.DETACHING, Volume.afterAttachments(Status.IN_USE, List.of(Held.DETACHING)));
        assertEquals(Status.AVAILABLE, Volume.afterAttachments(Status.DETACHING, List.of()));
        assertEquals(Status.IN_USE, Volume.afterAttachments(Status.DETACHING, List.of(Held.DETACHING, Held.ATTACHED)));
    }

    @Test
    void whatIsNotAboutAttachmentsStays() {
        assertEquals(Status.DELETING, Volume.afterAttachments(Status.DELETING, List.of()));
        assertEquals(Status.MAINTENANCE, Volume.afterAttachments(Status.MAINTENANCE, List.of(Held.ATTACHED)));
        assertEquals(Status.ERROR, Volume.afterAttachments(Status.ERROR, List.of(Held.ATTACHED)));
    }

    @Test
    void aVolumeInErrorIsAvailableAgainWhenTheLastHolderLetsItGo() {
        assertEquals(Status.AVAILABLE, Volume.afterAttachments(Status.ERROR, List.of()));
    }

    @Test
    void onlyWhatNothingHoldsIsDeletable() {
        assertTrue(Volume.deletable(Status.AVAILABLE, false));
        assertTrue(Volume.deletable(Status.CREATING, false));
        assertTrue(Volume.deletable(Status.ERROR_EXTENDING, false));
        assertFalse(Volume.deletable(Status.ERROR, true));
        assertFalse(Volume.deletable(Status.IN_USE, true));
        assertFalse(Volume.deletable(Status.ATTACHING, false));
    }

    @Test
    void aTaskThatFailsLeavesItsOwnError() {
        assertEquals(Status.ERROR, Volume.failed(Task.CREATE));
        assertEquals(Status.ERROR_EXTENDING, Volume.failed(Task.EXTEND));
        assertEquals(Status.ERROR_DELETING, Volume.failed(Task.DELETE));
    }
}
