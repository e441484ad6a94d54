package io.nephos.kit.tenant;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;

/**
 * A project that cannot be used any more, or for now, and owns something here.
 *
 * @param deletedAt none: it, or its domain, is only disabled
 * @param left how many of each kind, {"servers": 2}
 */
record Orphan(
        String projectId, String name, String domainId, Optional<OffsetDateTime> deletedAt, Map<String, Long> left) {}
