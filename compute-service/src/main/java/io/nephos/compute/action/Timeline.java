package io.nephos.compute.action;

import io.nephos.compute.api.Times;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Writes what was asked of servers and which steps came of it, in the transactions that do it. */
@ApplicationScoped
public class Timeline {
    /** How a step ended, so far. */
    public enum Result {
        UNFINISHED,
        SUCCESS,
        ERROR
    }

    /** A new action on a server; returns its id. */
    public String start(Transaction tx, String serverId, String projectId, Caller caller, String action) {
        ActionRow row = new ActionRow();
        row.id = UUID.randomUUID().toString();
        row.serverId = serverId;
        row.projectId = projectId;
        row.userId = caller.userId();
        row.requestId = caller.requestId();
        row.action = action;
        row.startedAt = Times.now();
        row.updatedAt = row.startedAt;
        tx.insert(row);
        return row.id;
    }

    /** A step of an action. The same step of the same attempt again changes its result and keeps its start. */
    public void event(
            Transaction tx,
            String actionId,
            int attempt,
            String name,
            String host,
            OffsetDateTime startedAt,
            Result result,
            String details) {
        if (actionId.isEmpty()) {
            return;
        }
        Map<String, Object> values = new HashMap<>();
        values.put("id", actionId + "/" + attempt + "/" + name);
        values.put("action", actionId);
        values.put("name", name);
        values.put("host", host);
        values.put("started", startedAt);
        values.put("finished", Times.now());
        values.put("done", result != Result.UNFINISHED);
        values.put("result", result == Result.ERROR ? "Error" : "Success");
        values.put("details", details);
        values.put("error", result == Result.ERROR);
        tx.executeNative(
                "with step as (insert into action_event (id, action_id, name, host, started_at, finished_at, result, details)"
                        + " values (:id, :action, :name, :host, :started, case when :done then cast(:finished as timestamptz) end,"
                        + " case when :done then :result end, :details) on conflict (id) do update set"
                        + " finished_at = excluded.finished_at, result = excluded.result, details = excluded.details,"
                        + " host = excluded.host) update action set updated_at = :finished,"
                        + " message = case when :error then 'Error' else message end where id = :action",
                values);
    }
}
