package io.nephos.compute.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.peer.Agents;
import io.nephos.compute.peer.Scheduler;
import io.nephos.compute.server.ServerView;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.Page;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The hosts that the scheduler knows, as hypervisors (API reference, "Hypervisors"). */
@Path("/v2.1/os-hypervisors")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class HypervisorResource {
    /** An agent of before does not know how to tell its uptime. */
    private static final Set<Status.Code> NOT_THERE = Set.of(Status.Code.UNAVAILABLE, Status.Code.UNIMPLEMENTED);

    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Scheduler scheduler;
    private final Agents agents;
    private final Links links;

    @Inject
    public HypervisorResource(
            RequestContext request, Policy policy, Database db, Scheduler scheduler, Agents agents, Links links) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.scheduler = scheduler;
        this.agents = agents;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("hypervisor_hostname_pattern") @Nullable String pattern,
            @QueryParam("with_servers") @Nullable String withServers,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        require("list");
        return page(pattern, withServers, limit, marker, false);
    }

    @GET
    @Path("detail")
    public ObjectNode detail(
            @QueryParam("hypervisor_hostname_pattern") @Nullable String pattern,
            @QueryParam("with_servers") @Nullable String withServers,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        require("list-detail");
        return page(pattern, withServers, limit, marker, true);
    }

    @GET
    @Path("statistics")
    public ObjectNode statistics() {
        require("statistics");
        ObjectNode sum = Json.NODES.objectNode();
        List<HostStatus> hosts = scheduler.hosts(List.of());
        Map<String, Long> servers = servers();
        sum.put("count", hosts.size());
        for (HostStatus host : hosts) {
            ObjectNode usage = usage(Json.NODES.objectNode(), host, servers);
            usage.properties()
                    .forEach(entry -> sum.put(
                            entry.getKey(),
                            sum.path(entry.getKey()).asLong(0)
                                    + entry.getValue().asLong()));
        }
        return Json.NODES.objectNode().set("hypervisor_statistics", sum);
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id, @QueryParam("with_servers") @Nullable String withServers) {
        require("show");
        HostStatus host = find(id);
        ObjectNode view = full(host, servers());
        if (Boolean.parseBoolean(withServers) && request.version().atLeast(2, 53)) {
            running(view, host.getHost().getName());
        }
        return Json.NODES.objectNode().set("hypervisor", view);
    }

    /** Before 2.53: by a part of the name. */
    @GET
    @Path("{pattern}/search")
    public ObjectNode search(@PathParam("pattern") String pattern) {
        require("search");
        return matching(pattern, false);
    }

    @GET
    @Path("{pattern}/servers")
    public ObjectNode servers(@PathParam("pattern") String pattern) {
        require("servers");
        return matching(pattern, true);
    }

    /** Until 2.87; asked of the host itself. 400 while it is down. */
    @GET
    @Path("{id}/uptime")
    public ObjectNode uptime(@PathParam("id") String id) {
        require("uptime");
        HostStatus host = find(id);
        if (!host.getUp()) {
            throw unavailable(host);
        }
        try {
            String uptime = agents.uptime(host.getHost().getAgentAddress());
            return Json.NODES.objectNode().set("hypervisor", brief(host).put("uptime", uptime));
        } catch (StatusRuntimeException e) {
            throw NOT_THERE.contains(e.getStatus().getCode()) ? unavailable(host) : e;
        }
    }

    private static FaultException unavailable(HostStatus host) {
        return Fault.badRequest("Compute service of " + host.getHost().getName() + " is unavailable at this time.");
    }

    private ObjectNode matching(String pattern, boolean withServers) {
        if (request.version().atLeast(2, 53)) {
            throw Fault.notFound("The resource could not be found.");
        }
        List<HostStatus> found = sorted().stream()
                .filter(host -> host.getHost().getName().contains(pattern))
                .toList();
        if (found.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("hypervisors");
        for (HostStatus host : found) {
            ObjectNode view = brief(host);
            if (withServers) {
                running(view, host.getHost().getName());
            }
            all.add(view);
        }
        return body;
    }

    private ObjectNode page(
            @Nullable String pattern,
            @Nullable String withServers,
            @Nullable String limit,
            @Nullable String marker,
            boolean detailed) {
        Microversion version = request.version();
        boolean paged = version.atLeast(2, 33);
        boolean named = version.atLeast(2, 53);
        Page page = paged ? Page.of(limit, marker, 1000) : new Page(1000, java.util.Optional.empty());
        List<HostStatus> all = sorted().stream()
                .filter(host ->
                        !named || pattern == null || host.getHost().getName().contains(pattern))
                .toList();
        if (named && pattern != null && all.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        List<HostStatus> rest = page.marker().map(last -> after(all, last)).orElse(all);
        List<HostStatus> shown = rest.subList(0, Math.min(page.limit(), rest.size()));
        Map<String, Long> servers = detailed ? servers() : Map.of();
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode views = body.putArray("hypervisors");
        for (HostStatus host : shown) {
            ObjectNode view = detailed ? full(host, servers) : brief(host);
            if (named && Boolean.parseBoolean(withServers)) {
                running(view, host.getHost().getName());
            }
            views.add(view);
        }
        if (paged && shown.size() < rest.size()) {
            body.set("hypervisors_links", links.next(id(shown.getLast()).asText()));
        }
        return body;
    }

    private List<HostStatus> after(List<HostStatus> all, String marker) {
        for (int at = 0; at < all.size(); at++) {
            if (id(all.get(at)).asText().equals(marker)) {
                return all.subList(at + 1, all.size());
            }
        }
        throw Fault.badRequest("Marker [" + marker + "] not found");
    }

    private ObjectNode brief(HostStatus host) {
        ObjectNode view = Json.NODES.objectNode();
        view.set("id", id(host));
        return view.put("hypervisor_hostname", host.getHost().getName())
                .put("state", host.getUp() ? "up" : "down")
                .put("status", host.getEnabled() ? "enabled" : "disabled");
    }

    private ObjectNode full(HostStatus host, Map<String, Long> servers) {
        ObjectNode view = brief(host)
                .put("hypervisor_type", host.getHost().getHypervisorType())
                .put("hypervisor_version", host.getHost().getHypervisorVersion())
                .put("host_ip", address(host));
        usage(view, host, servers);
        ObjectNode service = view.putObject("service");
        service.set("id", id(host));
        service.put("host", host.getHost().getName())
                .put("disabled_reason", host.getDisabledReason().isEmpty() ? null : host.getDisabledReason());
        String cpu =
                host.getHost().getCpuInfo().isEmpty() ? "{}" : host.getHost().getCpuInfo();
        if (request.version().atLeast(2, 28)) {
            view.set("cpu_info", Json.tree(cpu));
        } else {
            view.put("cpu_info", cpu);
        }
        return view;
    }

    private static ObjectNode usage(ObjectNode view, HostStatus host, Map<String, Long> servers) {
        long memory = total(host, "MEMORY_MB");
        long memoryUsed = used(host, "MEMORY_MB") + reserved(host, "MEMORY_MB");
        long disk = total(host, "DISK_GB");
        long diskUsed = used(host, "DISK_GB") + reserved(host, "DISK_GB");
        return view.put("vcpus", total(host, "VCPU"))
                .put("vcpus_used", used(host, "VCPU"))
                .put("memory_mb", memory)
                .put("memory_mb_used", memoryUsed)
                .put("free_ram_mb", memory - memoryUsed)
                .put("local_gb", disk)
                .put("local_gb_used", diskUsed)
                .put("free_disk_gb", disk - diskUsed)
                .put("disk_available_least", disk - diskUsed)
                .put("current_workload", 0)
                .put("running_vms", servers.getOrDefault(host.getHost().getName(), 0L));
    }

    private void running(ObjectNode view, String host) {
        List<Row> rows = db.rows("select id from server where host = $1 order by created_at", host);
        if (!rows.isEmpty() || !request.version().atLeast(2, 75)) {
            ArrayNode all = view.putArray("servers");
            rows.forEach(row -> all.addObject()
                    .put("uuid", row.getString(0))
                    .put("name", ServerView.instanceName(row.getString(0))));
        }
    }

    private Map<String, Long> servers() {
        Map<String, Long> counts = new HashMap<>();
        db.rows("select host, count(*) from server where host <> '' group by host")
                .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
        return counts;
    }

    private HostStatus find(String id) {
        return sorted().stream()
                .filter(host -> id(host).asText().equals(id))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Hypervisor with ID '" + id + "' could not be found."));
    }

    private List<HostStatus> sorted() {
        return scheduler.hosts(List.of()).stream()
                .sorted(Comparator.comparing(host -> host.getHost().getName()))
                .toList();
    }

    /** Since 2.53 the UUID; before it a number, here one that is made of the UUID. */
    private JsonNode id(HostStatus host) {
        String uuid = host.getHost().getId();
        return request.version().atLeast(2, 53) ? Json.NODES.textNode(uuid) : Json.NODES.numberNode(number(uuid));
    }

    static int number(String uuid) {
        return (uuid.hashCode() & 0x7fffffff) | 1;
    }

    private static String address(HostStatus host) {
        String address = host.getHost().getAgentAddress();
        int colon = address.lastIndexOf(':');
        return colon > 0 ? address.substring(0, colon) : address;
    }

    private static long total(HostStatus host, String resource) {
        return inventory(host, resource).getTotal();
    }

    private static long reserved(HostStatus host, String resource) {
        return inventory(host, resource).getReserved();
    }

    private static Inventory inventory(HostStatus host, String resource) {
        return host.getHost().getInventoriesOrDefault(resource, Inventory.getDefaultInstance());
    }

    private static long used(HostStatus host, String resource) {
        return host.getUsedOrDefault(resource, 0);
    }

    private void require(String verb) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-hypervisors:" + verb, caller, caller.project());
    }
}
