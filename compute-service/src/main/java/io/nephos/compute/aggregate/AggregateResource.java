package io.nephos.compute.aggregate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Scheduler;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API reference, "Host aggregates". */
@Path("/v2.1/os-aggregates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AggregateResource {
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9-_:. ]{1,255}");
    private static final Pattern HOST = Pattern.compile("[a-zA-Z0-9-._]{1,255}");
    private final RequestContext request;
    private final Policy policy;
    private final AggregateStore store;
    private final Scheduler scheduler;

    @Inject
    AggregateResource(RequestContext request, Policy policy, AggregateStore store, Scheduler scheduler) {
        this.request = request;
        this.policy = policy;
        this.store = store;
        this.scheduler = scheduler;
    }

    @GET
    public ObjectNode list() {
        require("index");
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("aggregates");
        store.all().forEach(aggregate -> all.add(view(aggregate)));
        return body;
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        require("show");
        return body(store.get(number(id)));
    }

    /** What it contains is not shown yet. */
    @POST
    public ObjectNode create(JsonNode sent) {
        require("create");
        Fields fields = Fields.of(sent, "aggregate").only("name", "availability_zone");
        String name = name(fields, fields.text("name", 1, 255));
        Aggregate made = store.create(
                name, zone(fields).map(zone -> Map.of(Aggregate.ZONE, zone)).orElse(Map.of()));
        ObjectNode view = view(made);
        view.remove(List.of("hosts", "metadata"));
        return Json.NODES.objectNode().set("aggregate", view);
    }

    @PUT
    @Path("{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode sent) {
        require("update");
        Fields fields = Fields.of(sent, "aggregate").only("name", "availability_zone");
        Optional<String> name = fields.optionalText("name", 1, 255).map(text -> name(fields, text));
        if (!fields.has("name") && !fields.has("availability_zone")) {
            throw fields.required("name");
        }
        Optional<String> zone = zone(fields);
        return body(store.change(number(id), (tx, aggregate, all) -> {
            name.ifPresent(text -> AggregateStore.name(aggregate.row(), text, all));
            if (fields.has("availability_zone")) {
                Map<String, @Nullable String> change = new LinkedHashMap<>();
                change.put(Aggregate.ZONE, zone.orElse(null));
                setMetadata(tx, aggregate, change, all);
            }
        }));
    }

    @DELETE
    @Path("{id}")
    public Response delete(@PathParam("id") String id) {
        require("delete");
        store.change(number(id), (tx, aggregate, all) -> {
            if (!aggregate.hosts().isEmpty()) {
                throw Fault.badRequest("Cannot remove aggregate " + id + ". Reason: Host aggregate is not empty.");
            }
            aggregate.row().deleted = true;
        });
        return Response.ok().build();
    }

    @POST
    @Path("{id}/action")
    public ObjectNode act(@PathParam("id") String id, JsonNode sent) {
        Fields body = Fields.ofBody(sent).only("add_host", "remove_host", "set_metadata");
        if (sent.size() != 1) {
            throw Fault.badRequest("There is no such action: one of add_host, remove_host and set_metadata is needed.");
        }
        String action = sent.fieldNames().next();
        require(action);
        Fields fields = body.object(action);
        return body(
                switch (action) {
                    case "add_host" -> add(number(id), host(fields));
                    case "remove_host" -> {
                        String host = host(fields);
                        yield store.change(number(id), (tx, aggregate, all) -> aggregate.remove(host));
                    }
                    default -> {
                        Map<String, @Nullable String> metadata = metadata(fields.only("metadata"));
                        yield store.change(
                                number(id), (tx, aggregate, all) -> setMetadata(tx, aggregate, metadata, all));
                    }
                });
    }

    private Aggregate add(int id, String host) {
        store.get(id);
        if (scheduler.hosts(List.of(host)).isEmpty()) {
            throw Fault.notFound("Compute host " + host + " could not be found.");
        }
        return store.change(id, (tx, aggregate, all) -> {
            aggregate
                    .zone()
                    .ifPresent(zone -> oneZone(
                            aggregate,
                            zone,
                            List.of(host),
                            all,
                            reason -> Fault.conflict("Cannot add host to aggregate " + id + ". Reason: " + reason)));
            aggregate.add(host);
        });
    }

    private static void setMetadata(
            Transaction tx, Aggregate aggregate, Map<String, @Nullable String> changes, List<Aggregate> all) {
        String zone = changes.get(Aggregate.ZONE);
        if (zone != null && !aggregate.zone().equals(Optional.of(zone))) {
            Function<String, FaultException> refusal =
                    reason -> Fault.badRequest("Cannot update aggregate " + aggregate.row().id + ". Reason: " + reason);
            oneZone(aggregate, zone, aggregate.hosts(), all, refusal);
            if (!aggregate.hosts().isEmpty()
                    && tx.count(
                                    "select count(*) from ServerRow where host in (:hosts)",
                                    Map.of("hosts", aggregate.hosts()))
                            > 0) {
                throw refusal.apply("One or more hosts contain instances in this zone");
            }
        }
        aggregate.setMetadata(changes);
    }

    private static void oneZone(
            Aggregate aggregate,
            String zone,
            List<String> hosts,
            List<Aggregate> all,
            Function<String, FaultException> refusal) {
        List<String> others = aggregate.conflicts(zone, hosts, all);
        if (!others.isEmpty()) {
            throw refusal.apply("One or more hosts already in availability zone(s) " + others);
        }
    }

    private static String name(Fields fields, String name) {
        if (!name.equals(name.strip()) || name.isBlank()) {
            throw fields.invalid("name", "must not be blank, nor begin or end with a space.");
        }
        return name;
    }

    private static Optional<String> zone(Fields fields) {
        return fields.optionalText("availability_zone", 1, 255).map(zone -> {
            if (zone.contains(":") || !zone.equals(zone.strip()) || zone.isBlank()) {
                throw fields.invalid(
                        "availability_zone", "must not be blank, contain a colon, nor begin or end with a space.");
            }
            return zone;
        });
    }

    private static String host(Fields fields) {
        String host = fields.only("host").text("host", 1, 255);
        if (!HOST.matcher(host).matches()) {
            throw fields.invalid("host", "is not the name of a host.");
        }
        return host;
    }

    private static Map<String, @Nullable String> metadata(Fields fields) {
        Map<String, @Nullable String> metadata = new LinkedHashMap<>();
        Fields sent = fields.object("metadata");
        sent.json().properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (!KEY.matcher(entry.getKey()).matches()) {
                throw sent.invalid(entry.getKey(), "is not a name for metadata.");
            }
            if (!value.isNull() && (!value.isTextual() || value.textValue().length() > 255)) {
                throw sent.invalid(entry.getKey(), "must be a string of at most 255 characters, or null.");
            }
            metadata.put(entry.getKey(), value.isNull() ? null : value.textValue());
        });
        zone(sent);
        return metadata;
    }

    private static int number(String id) {
        if (!id.matches("[0-9]{1,9}")) {
            throw AggregateStore.notFound(id);
        }
        return Integer.parseInt(id);
    }

    private static ObjectNode body(ObjectNode view) {
        return Json.NODES.objectNode().set("aggregate", view);
    }

    private ObjectNode body(Aggregate aggregate) {
        return body(view(aggregate));
    }

    private ObjectNode view(Aggregate aggregate) {
        AggregateRow row = aggregate.row();
        ObjectNode view = Json.NODES
                .objectNode()
                .put("id", row.id)
                .put("name", row.name)
                .put("availability_zone", aggregate.zone().orElse(null))
                .put("created_at", Times.micros(row.createdAt))
                .put("updated_at", row.updatedAt == null ? null : Times.micros(row.updatedAt))
                .put("deleted", false)
                .putNull("deleted_at");
        view.set("hosts", Json.tree(row.hosts));
        view.set("metadata", Json.tree(row.metadata));
        return request.version().atLeast(2, 41) ? view.put("uuid", row.uuid) : view;
    }

    private void require(String verb) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-aggregates:" + verb, caller, caller.project());
    }
}
