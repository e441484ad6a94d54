package io.nephos.compute.server;

import io.nephos.compute.action.Timeline;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Agents;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.function.BiFunction;

/** Servers as the caller of the request may see and change them; a server of another project is not found. */
@ApplicationScoped
public class ServerAccess {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final ServerStore store;
    private final Timeline timeline;
    private final Agents agents;

    @Inject
    public ServerAccess(
            RequestContext request, Policy policy, Database db, ServerStore store, Timeline timeline, Agents agents) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.store = store;
        this.timeline = timeline;
        this.agents = agents;
    }

    /** The row alone; {@code rule} is the policy's name without its prefix. */
    public ServerRow get(String id, String rule) {
        return db.read(tx -> visible(tx.find(ServerRow.class, id).orElseThrow(() -> ServerStore.notFound(id)), rule));
    }

    /** With ports and volumes. */
    public Server server(String id, String rule) {
        Server server = store.find(id).orElseThrow(() -> ServerStore.notFound(id));
        visible(server.row(), rule);
        return server;
    }

    /** Changes what the host need not hear of. */
    public <T> T change(String id, String rule, BiFunction<Transaction, Server, T> change) {
        return store.change(id, (tx, server) -> {
                    visible(server.row(), rule);
                    return change.apply(tx, server);
                })
                .orElseThrow(() -> ServerStore.notFound(id));
    }

    /** Changes the desired state, unless the server is locked; shown in the timeline under that name. */
    public <T> T act(String id, String rule, String action, BiFunction<Transaction, Server, T> change) {
        return store.request(id, (tx, server) -> {
            visible(server.row(), rule);
            requireUnlocked(server.row());
            T result = change.apply(tx, server);
            server.row().actionId =
                    timeline.start(tx, server.row().id, server.row().projectId, request.caller(), action);
            return result;
        });
    }

    /** Accepted whatever the server is doing. One that failed to build holds nothing and is gone at once. */
    public void delete(String id) {
        store.request(id, (tx, server) -> {
            visible(server.row(), "servers:delete");
            requireUnlocked(server.row());
            boolean holdsNothing = server.row().phase == Phase.FAILED;
            if (server.delete(Times.now())) {
                server.row().actionId =
                        timeline.start(tx, server.row().id, server.row().projectId, request.caller(), "delete");
            }
            if (holdsNothing) {
                store.forget(tx, server.row());
            }
            tx.afterCommit(() -> agents.cancel(id));
            return true;
        });
    }

    /** What is known of the ports is asked again, soon. */
    public void refreshPorts(String id) {
        store.request(id, (tx, server) -> {
            server.row().portsStale = true;
            return true;
        });
    }

    /** An admin may change what its owner locked. */
    private void requireUnlocked(ServerRow row) {
        if (!row.lockedBy.isEmpty() && !admin(request.caller())) {
            throw Fault.conflict("Instance " + row.id + " is locked");
        }
    }

    public boolean admin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    private ServerRow visible(ServerRow row, String rule) {
        Caller caller = request.caller();
        if (!admin(caller) && !row.projectId.equals(caller.project())) {
            throw ServerStore.notFound(row.id);
        }
        policy.require("os_compute_api:" + rule, caller, Map.of("project_id", row.projectId, "user_id", row.userId));
        return row;
    }
}
