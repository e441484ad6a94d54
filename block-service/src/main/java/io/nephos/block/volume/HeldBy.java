package io.nephos.block.volume;

import io.nephos.block.volume.Volume.Held;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** One attachment as a volume shows it. {@code serverId} and {@code device} are empty when there is none. */
public record HeldBy(
        String attachmentId,
        String volumeId,
        String serverId,
        String host,
        String device,
        Held state,
        @Nullable OffsetDateTime attachedAt) {}
