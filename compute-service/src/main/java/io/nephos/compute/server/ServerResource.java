package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference, "Servers (servers)". */
@Path("/v2.1/servers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServerResource {
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private final SecureRandom random = new SecureRandom();
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final ServerAccess access;
    private final ServerLaunch launch;
    private final HostDirectory hosts;
    private final Links links;

    @Inject
    public ServerResource(
            RequestContext request,
            Policy policy,
            Database db,
            ServerAccess access,
            ServerLaunch launch,
            HostDirectory hosts,
            Links links) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.access = access;
        this.launch = launch;
        this.hosts = hosts;
        this.links = links;
    }

    @POST
    public Response create(JsonNode body) {
        Caller caller = request.caller();
        policy.require("os_compute_api:servers:create", caller, caller.project());
        ServerRequest wanted = ServerRequest.of(body, request.version());
        List<ServerRow> made = launch.launch(wanted, caller);
        ServerRow first = made.getFirst();
        if (wanted.returnReservation()) {
            return Response.accepted(Json.NODES.objectNode().put("reservation_id", first.reservationId))
                    .build();
        }
        ObjectNode view = Json.NODES.objectNode().put("id", first.id);
        view.set("links", links.of("servers/" + first.id));
        view.put("OS-DCF:diskConfig", first.diskConfig);
        ArrayNode groups = view.putArray("security_groups");
        Json.list(first.securityGroups).forEach(name -> groups.addObject().put("name", name));
        view.put("adminPass", wanted.adminPassword().isEmpty() ? password() : wanted.adminPassword());
        return Response.accepted(Json.NODES.objectNode().set("server", view))
                .header("Location", links.root() + "/v2.1/servers/" + first.id)
                .build();
    }

    @GET
    public ObjectNode list(
            @Context UriInfo uri,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        return list(uri.getQueryParameters(), page(limit, marker), false);
    }

    @GET
    @Path("detail")
    public ObjectNode detail(
            @Context UriInfo uri,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        return list(uri.getQueryParameters(), page(limit, marker), true);
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        ServerRow row = access.get(id, "servers:show");
        return Json.NODES.objectNode().set("server", view(row).show(ShownServer.of(row), up(row)));
    }

    @PUT
    @Path("{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.of(body, "server");
        fields.only(
                request.version().atLeast(2, 19)
                        ? new String[] {"name", "OS-DCF:diskConfig", "accessIPv4", "accessIPv6", "description"}
                        : new String[] {"name", "OS-DCF:diskConfig", "accessIPv4", "accessIPv6"});
        ServerRow updated = access.change(id, "servers:update", (tx, server) -> {
            ServerRow row = server.row();
            fields.optionalText("name", 1, 255).map(String::strip).ifPresent(name -> {
                if (name.isEmpty()) {
                    throw fields.invalid("name", "must not be blank.");
                }
                row.name = name;
            });
            if (fields.has("accessIPv4")) {
                row.accessIpV4 = ServerRequest.ip(fields, "accessIPv4", false);
            }
            if (fields.has("accessIPv6")) {
                row.accessIpV6 = ServerRequest.ip(fields, "accessIPv6", true);
            }
            if (fields.has("OS-DCF:diskConfig")) {
                row.diskConfig = ServerRequest.diskConfig(fields);
            }
            if (fields.has("description")) {
                row.description = fields.optionalText("description", 0, 255).orElse(null);
            }
            row.updatedAt = Times.now();
            return row;
        });
        return Json.NODES.objectNode().set("server", view(updated).updated(ShownServer.of(updated), up(updated)));
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        access.delete(id);
    }

    private ObjectNode list(MultivaluedMap<String, String> parameters, Page page, boolean detailed) {
        Caller caller = request.caller();
        String verb = detailed ? "servers:detail" : "servers:index";
        policy.require("os_compute_api:" + verb, caller, caller.project());
        boolean admin = policy.allows("context_is_admin", caller, Map.of());
        boolean all = allTenants(parameters);
        if (all) {
            policy.require("os_compute_api:" + verb + ":get_all_tenants", caller, caller.project());
        }
        List<ServerQuery.Found> found = ServerQuery.run(
                db,
                parameters,
                request.version(),
                admin,
                all,
                caller.project(),
                page.limit(),
                page.marker().orElse(null));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode views = body.putArray("servers");
        ServerView view = new ServerView(request.version(), links.root(), admin, admin);
        String root = links.root();
        found.stream()
                .limit(page.limit())
                .forEach(one -> views.add(
                        detailed ? view.full(one.server(), one.hostUp()) : ServerView.brief(one.server(), root)));
        if (page.limit() > 0 && found.size() > page.limit()) {
            body.set(
                    "servers_links",
                    links.next(found.get(page.limit() - 1).server().id()));
        }
        return body;
    }

    /** Nova shows nothing to who asks for 0 servers. */
    private static Page page(@Nullable String limit, @Nullable String marker) {
        Page page = Page.of(limit, marker, ServerQuery.MAX_PAGE);
        return "0".equals(limit) ? new Page(0, page.marker()) : page;
    }

    private static boolean allTenants(MultivaluedMap<String, String> parameters) {
        if (!parameters.containsKey("all_tenants")) {
            return false;
        }
        String text = String.valueOf(parameters.getFirst("all_tenants")).toLowerCase(Locale.ROOT);
        return !List.of("0", "false", "f", "no", "off", "n").contains(text);
    }

    private ServerView view(ServerRow row) {
        Caller caller = request.caller();
        Map<String, String> target = Map.of("project_id", row.projectId);
        return new ServerView(
                request.version(),
                links.root(),
                policy.allows("os_compute_api:os-extended-server-attributes", caller, target),
                policy.allows("os_compute_api:servers:show:host_status", caller, target));
    }

    private boolean up(ServerRow row) {
        return !request.version().atLeast(2, 16) || row.host.isEmpty() || hosts.isUp(row.host);
    }

    private String password() {
        StringBuilder password = new StringBuilder();
        for (int at = 0; at < 12; at++) {
            password.append(PASSWORD_LETTERS.charAt(random.nextInt(PASSWORD_LETTERS.length())));
        }
        return password.toString();
    }
}
