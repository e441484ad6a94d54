package io.nephos.scheduler.optimiser;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan as the API shows it. */
final class PlanView {
    private PlanView() {}

    /** Without the migrations, of which it tells the number. */
    static Map<String, Object> brief(PlanRow row, Optional<Plan> made) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", row.id);
        view.put("goal", row.goal);
        view.put("state", row.state);
        view.put("host", row.hostId);
        view.put("max_migrations", row.maxMigrations);
        view.put("time_limit", row.timeLimitSeconds);
        view.put("requested_by", row.requestedBy);
        view.put("approved_by", row.approvedBy);
        view.put("message", row.message);
        view.put("created_at", row.createdAt.toInstant().toString());
        view.put("updated_at", row.updatedAt.toInstant().toString());
        made.ifPresent(plan -> {
            view.put("migration_count", plan.migrations().size());
            view.put("before", measure(plan.before()));
            view.put("after", measure(plan.after()));
            view.put("optimal", plan.optimal());
        });
        return view;
    }

    static Map<String, Object> full(PlanRow row, Optional<Plan> made) {
        Map<String, Object> view = brief(row, made);
        made.ifPresent(plan -> {
            view.put("freed_hosts", plan.freed());
            view.put("unmovable_servers", plan.left());
            view.put(
                    "migrations",
                    plan.migrations().stream().map(PlanView::migration).toList());
        });
        return view;
    }

    static Map<String, Object> list(List<Map<String, Object>> plans) {
        return Map.of("plans", plans);
    }

    private static Map<String, Object> measure(Measure measure) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("imbalance", measure.imbalance());
        view.put("hosts_in_use", measure.hostsInUse());
        view.put("cost", measure.cost());
        return view;
    }

    private static Map<String, Object> migration(Migration migration) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("server", migration.server());
        view.put("from", migration.fromName());
        view.put("to", migration.toName());
        return view;
    }
}
