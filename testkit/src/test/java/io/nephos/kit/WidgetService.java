package io.nephos.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.HeartbeatResponse;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReleaseResponse;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.policy.PolicyDefaults;
import io.nephos.kit.reconcile.Reconciler;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import io.nephos.kit.token.Public;
import io.nephos.rpc.ForAgents;
import io.nephos.rpc.PeerIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The widget's service, in one file because it only shows the kit. */
final class WidgetService {
    static final String TOPIC = "nephos.widget.widget";

    private WidgetService() {}

    @Path("/widgets")
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    public static class WidgetResource {
        @Inject
        Database db;

        @Inject
        Policy policy;

        @Inject
        RequestContext request;

        @POST
        public Map<String, Object> create(@Nullable JsonNode body) {
            policy.require("widgets:create", request.caller(), request.caller().project());
            Fields fields = Fields.of(body, "widget").only("name", "size");
            WidgetRow row = new WidgetRow();
            row.id = UUID.randomUUID().toString();
            row.name = fields.text("name", 1, 20);
            row.projectId = request.caller().project();
            row.state = "new";
            return db.write(tx -> {
                tx.insert(row);
                tx.publish(
                        TOPIC,
                        row.id,
                        ServerEvent.newBuilder()
                                .setId(row.id)
                                .setChange(Change.CHANGE_CREATED)
                                .build());
                tx.wake("widget", row.id);
                if (row.name.equals("unlucky")) {
                    throw Fault.conflict("No luck.");
                }
                return Map.of("id", row.id);
            });
        }

        @GET
        @Path("/{id}")
        public Map<String, Object> show(@PathParam("id") String id) {
            return db.read(tx -> tx.find(WidgetRow.class, id))
                    .map(row -> Map.<String, Object>of("name", row.name, "state", row.state))
                    .orElseThrow(() -> Fault.notFound("Widget " + id + " could not be found."));
        }

        @GET
        @Public
        @Path("/open")
        public List<String> open() {
            return List.of("hello");
        }

        @GET
        @Path("/broken")
        public String broken() {
            throw new IllegalStateException("secret detail");
        }
    }

    @ApplicationScoped
    public static class WidgetReconciler implements Reconciler {
        static final List<String> FAILED = new CopyOnWriteArrayList<>();

        @Inject
        Database db;

        @Override
        public String kind() {
            return "widget";
        }

        @Override
        public Outcome reconcile(String id) {
            WidgetRow row = db.read(tx -> tx.find(WidgetRow.class, id)).orElseThrow();
            if (row.name.startsWith("flaky") && !FAILED.contains(id)) {
                FAILED.add(id);
                throw new IllegalStateException("The first time always fails.");
            }
            return switch (row.state) {
                case "new" -> {
                    row.state = "half";
                    db.run(tx -> tx.update(row));
                    yield Reconciler.again(Duration.ofMillis(50));
                }
                default -> {
                    row.state = "made";
                    db.run(tx -> tx.update(row));
                    yield Reconciler.done();
                }
            };
        }
    }

    @ApplicationScoped
    public static class WidgetBelongings implements ProjectBelongings {
        static final List<String> FORGOTTEN = new CopyOnWriteArrayList<>();

        @Inject
        Database db;

        @Override
        public Map<String, String> owners() {
            return Map.of("widgets", "select project_id from widget");
        }

        @Override
        public void forget(String projectId) {
            FORGOTTEN.add(projectId);
        }

        @Override
        public void purge(Caller administrator, String projectId, Purge purge) {
            List<String> ids = db.rows("select id from widget where project_id = $1", projectId).stream()
                    .map(row -> row.getString("id"))
                    .toList();
            purge.each(
                    "widgets",
                    ids,
                    id -> db.run(tx -> {
                        WidgetRow row = tx.lock(WidgetRow.class, id).orElseThrow();
                        if (row.name.startsWith("held")) {
                            throw Fault.conflict("It is held.");
                        }
                        tx.delete(row);
                    }));
        }
    }

    @ApplicationScoped
    public static class WidgetListener implements EventListener<ServerEvent> {
        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public ServerEvent prototype() {
            return ServerEvent.getDefaultInstance();
        }

        @Override
        public void on(String key, ServerEvent event) {
            HEARD.add(event.getId());
        }
    }

    @ApplicationScoped
    public static class WidgetDialect implements Dialect {
        @Override
        public Object body(Fault fault, int status, String requestId) {
            return Map.of("error", Map.of("code", status, "message", fault.message()));
        }
    }

    @ApplicationScoped
    public static class WidgetPolicy implements PolicyDefaults {
        @Override
        public Map<String, String> rules() {
            return Map.of("widgets:create", "role:admin or (role:member and project_id:%(project_id)s)");
        }
    }

    @ApplicationScoped
    public static class ForServices extends SchedulerGrpc.SchedulerImplBase {
        @Override
        public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> answer) {
            answer.onNext(ReleaseResponse.newBuilder()
                    .setReleased(PeerIdentity.current().name().equals("compute"))
                    .build());
            answer.onCompleted();
        }
    }

    @ForAgents
    @ApplicationScoped
    public static class ForHosts extends HostReportsGrpc.HostReportsImplBase {
        @Override
        public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
            PeerIdentity.current().requireHost(request.getName());
            answer.onNext(HeartbeatResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
