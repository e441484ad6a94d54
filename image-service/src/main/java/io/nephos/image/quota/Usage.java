package io.nephos.image.quota;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What projects have, counted from their images as they are. */
@ApplicationScoped
class Usage {
    private static final long MIB = 1 << 20;
    private static final String COUNT = "select count(*),"
            + " cast(coalesce(sum(size * jsonb_array_length(cast(copies as jsonb)))"
            + " filter (where status in ('active', 'deactivated', 'importing')), 0) as bigint),"
            + " cast(coalesce(sum(size) filter (where status = 'uploading'), 0) as bigint),"
            + " count(*) filter (where status in ('saving', 'uploading', 'importing'))"
            + " from image where owner = any(string_to_array(:projects, ',')) and status <> 'deleted'";
    private final Database database;

    @Inject
    Usage(Database database) {
        this.database = database;
    }

    /** Of each limit, how much this project has. */
    Map<Limit, Long> of(String project) {
        return database.read(tx -> of(tx, List.of(project)));
    }

    /** Of each limit, how much these projects have together, as that transaction sees it. */
    static Map<Limit, Long> of(Transaction tx, List<String> projects) {
        Object[] counted = tx.listNative(Object[].class, COUNT, Map.of("projects", String.join(",", projects)))
                .getFirst();
        Map<Limit, Long> usage = new EnumMap<>(Limit.class);
        usage.put(Limit.COUNT_TOTAL, number(counted[0]));
        usage.put(Limit.SIZE_TOTAL, number(counted[1]) / MIB);
        usage.put(Limit.STAGE_TOTAL, number(counted[2]) / MIB);
        usage.put(Limit.COUNT_UPLOADING, number(counted[3]));
        return usage;
    }

    private static long number(Object counted) {
        return ((Number) counted).longValue();
    }
}
