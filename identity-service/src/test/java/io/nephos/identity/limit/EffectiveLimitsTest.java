package io.nephos.identity.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EffectiveLimitsTest {
    private final RegisteredLimitRow size = registered("size", null, 10);

    @Test
    void aProjectHasItsOwnLimitElseWhatIsRegistered() {
        List<LimitRow> limits = List.of(limit(size, "p", null, 3), limit(size, null, "d", 50));
        assertEquals(Map.of("size", 3L), flat(List.of(size), limits, "p").ofProject());
        assertEquals(Map.of("size", 10L), flat(List.of(size), limits, "q").ofProject());
        assertEquals(Map.of(), flat(List.of(size), limits, "p").ofDomain());
        assertEquals(Map.of(), flat(List.of(), List.of(), "p").ofProject());
    }

    @Test
    void whatIsRegisteredForTheRegionGoesBeforeWhatIsRegisteredForNone() {
        RegisteredLimitRow here = registered("size", "here", 7);
        RegisteredLimitRow there = registered("count", "there", 8);
        for (List<RegisteredLimitRow> all : List.of(List.of(size, here, there), List.of(there, here, size))) {
            assertEquals(
                    Map.of("size", 7L),
                    flat(all, List.of(limit(size, "p", null, 1)), "p").ofProject());
        }
    }

    @Test
    void byTheStrictModelAProjectHasNoMoreThanItsDomain() {
        assertEquals(new EffectiveLimits(Map.of("size", 4L), Map.of("size", 4L)), strict(limit(size, null, "d", 4)));
        assertEquals(new EffectiveLimits(Map.of("size", 3L), Map.of("size", 10L)), strict(limit(size, "p", null, 3)));
        assertEquals(
                new EffectiveLimits(Map.of("size", 3L), Map.of("size", -1L)),
                strict(limit(size, "p", null, 3), limit(size, null, "d", -1)));
    }

    private static EffectiveLimits flat(List<RegisteredLimitRow> registered, List<LimitRow> limits, String project) {
        return EffectiveLimits.of(registered, limits, "here", project, "d", false);
    }

    private EffectiveLimits strict(LimitRow... limits) {
        return EffectiveLimits.of(List.of(size), List.of(limits), "here", "p", "d", true);
    }

    private static RegisteredLimitRow registered(String resource, @Nullable String region, int amount) {
        RegisteredLimitRow row = new RegisteredLimitRow();
        row.id = resource + region;
        row.resourceName = resource;
        row.regionId = region;
        row.defaultLimit = amount;
        return row;
    }

    private static LimitRow limit(
            RegisteredLimitRow registered, @Nullable String project, @Nullable String domain, int amount) {
        LimitRow row = new LimitRow();
        row.registeredLimitId = registered.id;
        row.projectId = project;
        row.domainId = domain;
        row.resourceLimit = amount;
        return row;
    }
}
