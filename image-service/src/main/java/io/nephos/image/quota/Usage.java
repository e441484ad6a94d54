package io.nephos.image.quota;

import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.Map;

/** What a project has, counted from its images as they are, and held against its limits. */
@ApplicationScoped
public class Usage {
    private static final long MIB = 1 << 20;
    private final Database database;
    private final Limits limits;

    @Inject
    public Usage(Database database, Limits limits) {
        this.database = database;
        this.limits = limits;
    }

    /** Of each limit, how much there is. */
    Map<Limit, Long> of(String project) {
        Row row = database.rows(
                        "select count(*) as images,"
                                + " coalesce(sum(size * jsonb_array_length(copies::jsonb))"
                                + " filter (where status in ('active', 'deactivated', 'importing')), 0)::bigint as bytes,"
                                + " coalesce(sum(size) filter (where status = 'uploading'), 0)::bigint as staged,"
                                + " count(*) filter (where status in ('saving', 'uploading', 'importing')) as uploading"
                                + " from image where owner = $1 and status <> 'deleted'",
                        project)
                .getFirst();
        Map<Limit, Long> usage = new EnumMap<>(Limit.class);
        usage.put(Limit.SIZE_TOTAL, row.getLong("bytes") / MIB);
        usage.put(Limit.STAGE_TOTAL, row.getLong("staged") / MIB);
        usage.put(Limit.COUNT_TOTAL, row.getLong("images"));
        usage.put(Limit.COUNT_UPLOADING, row.getLong("uploading"));
        return usage;
    }

    /** 413 when there is no room for one more; of bytes, when there is none left, for nobody knows how many will come. */
    public void requireRoom(String project, Limit... wanted) {
        Map<Limit, Long> usage = Map.of();
        for (Limit limit : wanted) {
            long most = limits.of(project, limit);
            if (most == Limits.NONE) {
                continue;
            }
            usage = usage.isEmpty() ? of(project) : usage;
            long now = usage.getOrDefault(limit, 0L);
            boolean full = limit == Limit.COUNT_TOTAL || limit == Limit.COUNT_UPLOADING ? now + 1 > most : now >= most;
            if (full) {
                throw Fault.overLimit(
                        "",
                        "Project " + project + " is over a limit for [Resource " + limit.wire() + " is over limit of "
                                + most + " due to current usage " + now + "]");
            }
        }
    }

    long limit(String project, Limit limit) {
        return limits.of(project, limit);
    }
}
