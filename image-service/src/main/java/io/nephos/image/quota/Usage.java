package io.nephos.image.quota;

import io.nephos.kit.data.Database;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What projects have, counted from their images as they are. */
@ApplicationScoped
class Usage {
    private static final long MIB = 1 << 20;
    private final Database database;

    @Inject
    Usage(Database database) {
        this.database = database;
    }

    /** Of each limit, how much these projects have together. */
    Map<Limit, Long> of(List<String> projects) {
        Row row = database.rows(
                        "select count(*) as images,"
                                + " coalesce(sum(size * jsonb_array_length(copies::jsonb))"
                                + " filter (where status in ('active', 'deactivated', 'importing')), 0)::bigint as bytes,"
                                + " coalesce(sum(size) filter (where status = 'uploading'), 0)::bigint as staged,"
                                + " count(*) filter (where status in ('saving', 'uploading', 'importing')) as uploading"
                                + " from image where owner = any($1) and status <> 'deleted'",
                        (Object) projects.toArray(String[]::new))
                .getFirst();
        Map<Limit, Long> usage = new EnumMap<>(Limit.class);
        usage.put(Limit.SIZE_TOTAL, row.getLong("bytes") / MIB);
        usage.put(Limit.STAGE_TOTAL, row.getLong("staged") / MIB);
        usage.put(Limit.COUNT_TOTAL, row.getLong("images"));
        usage.put(Limit.COUNT_UPLOADING, row.getLong("uploading"));
        return usage;
    }
}
