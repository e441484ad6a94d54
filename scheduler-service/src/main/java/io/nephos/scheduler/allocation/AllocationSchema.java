package io.nephos.scheduler.allocation;

import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Schema;
import java.util.regex.Pattern;

/** What allocations look like in requests; Placement API reference, "Allocations" and "Reshaper". */
final class AllocationSchema {
    private static final Pattern CONSUMER_TYPE = Pattern.compile("[A-Z0-9_]+");
    private static final Pattern SUFFIX = Pattern.compile("[a-zA-Z0-9_-]{0,64}");
    /** More than any inventory has, and two of them do not overflow. */
    private static final long MOST = 1L << 53;

    private static final Schema OWNER = Schema.text(1, 255);
    private static final Schema RESOURCES =
            Schema.object().keys(Schema.CLASS_KEY, Schema.integer(1, MOST)).atLeast(1);

    /** Before 1.12: providers are a list. */
    private static final Schema.Properties LISTED = Schema.object()
            .with(
                    "allocations",
                    Schema.list(
                            Schema.object()
                                    .with("resource_provider", Schema.object().with("uuid", Schema.uuid()))
                                    .with("resources", RESOURCES),
                            1,
                            false));

    private static final Schema.Properties LISTED_WITH_OWNER =
            LISTED.with("project_id", OWNER).with("user_id", OWNER);

    /** What GET shows may be sent back: the provider's generation is read over. */
    private static final Schema.Properties PROVIDERS = Schema.object()
            .keys(
                    Schema.UUID_KEY,
                    Schema.object().optional("generation", Schema.integer()).with("resources", RESOURCES));

    private static final Schema MAPPINGS =
            Schema.object().keys(SUFFIX, Schema.list(Schema.uuid(), 1, false)).atLeast(1);

    private AllocationSchema() {}

    static Schema ofPut(Gate gate) {
        if (gate.atLeast(12)) {
            return consumer(gate, gate.atLeast(28) ? 0 : 1);
        }
        return gate.atLeast(8) ? LISTED_WITH_OWNER : LISTED;
    }

    /** Consumers by UUID. */
    static Schema.Properties ofPost(Gate gate) {
        return Schema.object().keys(Schema.UUID_KEY, consumer(gate, 0)).atLeast(1);
    }

    private static Schema consumer(Gate gate, int leastProviders) {
        Schema.Properties consumer = Schema.object()
                .with("allocations", PROVIDERS.atLeast(leastProviders))
                .with("project_id", OWNER)
                .with("user_id", OWNER);
        if (gate.atLeast(28)) {
            consumer = consumer.with("consumer_generation", Schema.orNull(Schema.integer()));
        }
        if (gate.atLeast(34)) {
            consumer = consumer.optional("mappings", MAPPINGS);
        }
        if (gate.atLeast(38)) {
            consumer = consumer.with("consumer_type", Schema.word(CONSUMER_TYPE, "^[A-Z0-9_]+$"));
        }
        return consumer;
    }
}
