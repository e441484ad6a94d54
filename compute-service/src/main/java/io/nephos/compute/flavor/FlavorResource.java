package io.nephos.compute.flavor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Microversion;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API reference, "Flavors". */
@Path("/v2.1/flavors")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FlavorResource {
    private static final int MAX_PAGE = 1000;
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final FlavorStore flavors;
    private final Links links;

    @Inject
    public FlavorResource(RequestContext request, Policy policy, Database db, FlavorStore flavors, Links links) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.flavors = flavors;
        this.links = links;
    }

    /** The filters of a list, as sent. */
    public static class Filter {
        @QueryParam("limit")
        @Nullable
        String limit;

        @QueryParam("marker")
        @Nullable
        String marker;

        @QueryParam("minRam")
        @Nullable
        String minRam;

        @QueryParam("minDisk")
        @Nullable
        String minDisk;

        @QueryParam("is_public")
        @Nullable
        String isPublic;

        @QueryParam("sort_key")
        @Nullable
        String sortKey;

        @QueryParam("sort_dir")
        @Nullable
        String sortDir;
    }

    @GET
    public ObjectNode list(@jakarta.ws.rs.BeanParam Filter filter) {
        return list(filter, false);
    }

    @GET
    @Path("detail")
    public ObjectNode detail(@jakarta.ws.rs.BeanParam Filter filter) {
        return list(filter, true);
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        Caller caller = request.caller();
        return one(flavors.get(id, caller.project(), admin(caller)));
    }

    @POST
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-flavor-manage:create", caller, caller.project());
        Fields fields = Fields.of(body, "flavor");
        FlavorRow flavor = new FlavorRow();
        flavor.id = fields.json().path("id").isInt()
                ? fields.json().get("id").asText()
                : fields.optionalText("id", 1, 255)
                        .filter(id -> !id.equals("auto"))
                        .orElseGet(() -> UUID.randomUUID().toString());
        flavor.name = fields.text("name", 1, 255).strip();
        if (flavor.name.isEmpty() || flavor.id.isBlank()) {
            throw fields.invalid("name", "must not be blank.");
        }
        flavor.vcpus = fields.integer("vcpus", 1, Integer.MAX_VALUE);
        flavor.memoryMib = fields.integer("ram", 1, Integer.MAX_VALUE);
        flavor.rootGib = fields.integer("disk", 0, Integer.MAX_VALUE);
        flavor.ephemeralGib = fields.optionalInteger("OS-FLV-EXT-DATA:ephemeral", 0, Integer.MAX_VALUE)
                .orElse(0);
        flavor.swapMib = fields.json().path("swap").asText("0").isEmpty()
                ? 0
                : fields.optionalInteger("swap", 0, Integer.MAX_VALUE).orElse(0);
        flavor.rxtxFactor = rxtx(fields);
        flavor.isPublic = fields.flag("os-flavor-access:is_public", true);
        boolean described = request.version().atLeast(2, 55);
        if (!described && fields.has("description")) {
            throw fields.invalid("description", "needs microversion 2.55.");
        }
        flavor.description = fields.optionalText("description", 0, 65535).orElse(null);
        flavor.extraSpecs = "{}";
        flavor.createdAt = Times.now();
        try {
            db.run(tx -> {
                if (tx.find(FlavorRow.class, flavor.id).isPresent()) {
                    throw Fault.conflict("Flavor with ID " + flavor.id + " already exists.");
                }
                tx.insert(flavor);
            });
        } catch (UniqueViolation e) {
            throw Fault.conflict(
                    e.constraint().equals("flavor_name")
                            ? "Flavor with name " + flavor.name + " already exists."
                            : "Flavor with ID " + flavor.id + " already exists.");
        }
        return one(flavor);
    }

    @PUT
    @Path("{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-flavor-manage:update", caller, caller.project());
        if (!request.version().atLeast(2, 55)) {
            throw Fault.notFound("The resource could not be found.");
        }
        Fields fields = Fields.of(body, "flavor").only("description");
        if (!fields.has("description")) {
            throw fields.required("description");
        }
        FlavorRow updated = db.write(tx -> {
            FlavorRow flavor = tx.lock(FlavorRow.class, id).orElseThrow(() -> FlavorStore.notFound(id));
            flavor.description = fields.optionalText("description", 0, 65535).orElse(null);
            tx.update(flavor);
            return flavor;
        });
        return one(updated);
    }

    @DELETE
    @Path("{id}")
    public Response delete(@PathParam("id") String id) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-flavor-manage:delete", caller, caller.project());
        db.run(tx -> tx.delete(tx.lock(FlavorRow.class, id).orElseThrow(() -> FlavorStore.notFound(id))));
        return Response.accepted().build();
    }

    private ObjectNode list(Filter filter, boolean detailed) {
        Caller caller = request.caller();
        Page page = Page.of(filter.limit, filter.marker, MAX_PAGE);
        boolean admin = admin(caller);
        List<FlavorRow> all = flavors.list(caller.project(), admin).stream()
                .filter(flavor -> flavor.memoryMib >= number("minRam", filter.minRam))
                .filter(flavor -> flavor.rootGib >= number("minDisk", filter.minDisk))
                .filter(flavor -> visible(flavor, admin ? filter.isPublic : "true", admin, caller))
                .sorted(order(filter))
                .toList();
        List<FlavorRow> rest = page.marker().map(marker -> after(all, marker)).orElse(all);
        List<FlavorRow> shown = rest.subList(0, Math.min(page.limit(), rest.size()));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode views = body.putArray("flavors");
        Microversion version = request.version();
        boolean specs = policy.allows(
                "os_compute_api:os-flavor-extra-specs:index", caller, java.util.Map.of("project_id", caller.project()));
        shown.forEach(flavor -> views.add(
                detailed
                        ? FlavorView.full(flavor, version, links.root(), specs)
                        : FlavorView.brief(flavor, version, links.root())));
        if (shown.size() < rest.size()) {
            body.set("flavors_links", links.next(shown.getLast().id));
        }
        return body;
    }

    private static boolean visible(FlavorRow flavor, @Nullable String asked, boolean admin, Caller caller) {
        if (!admin) {
            return true; // the store has left out what the project may not see
        }
        String word = asked == null ? "true" : asked.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "none" -> true;
            case "true", "1", "t", "yes", "on", "y" -> flavor.isPublic;
            case "false", "0", "f", "no", "off", "n" -> !flavor.isPublic;
            default -> throw Fault.badRequest("Invalid is_public filter [" + asked + "]");
        };
    }

    private static Comparator<FlavorRow> order(Filter filter) {
        Comparator<FlavorRow> order = switch (filter.sortKey == null ? "flavorid" : filter.sortKey) {
            case "flavorid", "id" -> Comparator.comparing(flavor -> flavor.id);
            case "name" -> Comparator.comparing(flavor -> flavor.name);
            case "memory_mb" -> Comparator.comparingInt(flavor -> flavor.memoryMib);
            case "root_gb" -> Comparator.comparingInt(flavor -> flavor.rootGib);
            case "vcpus" -> Comparator.comparingInt(flavor -> flavor.vcpus);
            case "ephemeral_gb" -> Comparator.comparingInt(flavor -> flavor.ephemeralGib);
            case "swap" -> Comparator.comparingInt(flavor -> flavor.swapMib);
            case "created_at" -> Comparator.comparing(flavor -> flavor.createdAt);
            case "is_public" -> Comparator.comparing(flavor -> flavor.isPublic);
            default -> throw Fault.badRequest("Sort key supplied is not valid.");
        };
        Comparator<FlavorRow> total = order.thenComparing(flavor -> flavor.id);
        return "desc".equals(filter.sortDir) ? total.reversed() : total;
    }

    private static List<FlavorRow> after(List<FlavorRow> all, String marker) {
        for (int at = 0; at < all.size(); at++) {
            if (all.get(at).id.equals(marker)) {
                return all.subList(at + 1, all.size());
            }
        }
        throw Fault.badRequest("marker [" + marker + "] not found");
    }

    private static int number(String name, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Fault.badRequest("Invalid " + name + " filter [" + text + "]");
        }
    }

    private static double rxtx(Fields fields) {
        JsonNode sent = fields.json().path("rxtx_factor");
        try {
            double factor = sent.isMissingNode() || sent.isNull() ? 1.0 : Double.parseDouble(sent.asText());
            if (factor <= 0 || factor > Float.MAX_VALUE) {
                throw fields.invalid("rxtx_factor", "must be a positive number.");
            }
            return factor;
        } catch (NumberFormatException e) {
            throw fields.invalid("rxtx_factor", "must be a positive number.");
        }
    }

    private ObjectNode one(FlavorRow flavor) {
        Caller caller = request.caller();
        boolean specs = policy.allows(
                "os_compute_api:os-flavor-extra-specs:index", caller, java.util.Map.of("project_id", caller.project()));
        return Json.NODES.objectNode().set("flavor", FlavorView.full(flavor, request.version(), links.root(), specs));
    }

    private boolean admin(Caller caller) {
        return policy.allows("context_is_admin", caller, java.util.Map.of());
    }
}
