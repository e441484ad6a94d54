package io.nephos.compute.flavor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
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
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Extra specs of a flavor (API reference, "Flavors extra-specs"). */
@Path("/v2.1/flavors/{id}/os-extra_specs")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ExtraSpecResource {
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9-_:. ]{1,255}");
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final FlavorStore flavors;

    @Inject
    public ExtraSpecResource(RequestContext request, Policy policy, Database db, FlavorStore flavors) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.flavors = flavors;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        return Json.NODES.objectNode().set("extra_specs", Json.tree(readable(id, "index").extraSpecs));
    }

    @GET
    @Path("{key}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("key") String key) {
        return Json.NODES.objectNode().put(key, present(Json.texts(readable(id, "show").extraSpecs), id, key));
    }

    @POST
    public ObjectNode create(@PathParam("id") String id, JsonNode body) {
        require("create");
        Map<String, String> added =
                specs(Fields.ofBody(body).only("extra_specs").object("extra_specs"));
        change(id, specs -> specs.putAll(added));
        return Json.NODES.objectNode().set("extra_specs", Json.tree(Json.text(added)));
    }

    @PUT
    @Path("{key}")
    public ObjectNode update(@PathParam("id") String id, @PathParam("key") String key, JsonNode body) {
        require("update");
        Map<String, String> sent = specs(Fields.ofBody(body));
        String value = sent.get(key);
        if (sent.size() != 1 || value == null) {
            throw Fault.badRequest("Request body and URI mismatch");
        }
        change(id, specs -> specs.put(key, value));
        return Json.NODES.objectNode().put(key, value);
    }

    @DELETE
    @Path("{key}")
    public Response delete(@PathParam("id") String id, @PathParam("key") String key) {
        require("delete");
        change(id, specs -> {
            present(specs, id, key);
            specs.remove(key);
        });
        return Response.ok().build();
    }

    private void change(String id, Consumer<Map<String, String>> change) {
        db.run(tx -> {
            FlavorRow flavor = tx.lock(FlavorRow.class, id).orElseThrow(() -> FlavorStore.notFound(id));
            Map<String, String> specs = new LinkedHashMap<>(Json.texts(flavor.extraSpecs));
            change.accept(specs);
            flavor.extraSpecs = Json.text(specs);
            tx.update(flavor);
        });
    }

    private FlavorRow readable(String id, String verb) {
        require(verb);
        Caller caller = request.caller();
        return flavors.get(id, caller.project(), policy.allows("context_is_admin", caller, Map.of()));
    }

    private void require(String verb) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-flavor-extra-specs:" + verb, caller, caller.project());
    }

    private static String present(Map<String, String> specs, String id, String key) {
        String value = specs.get(key);
        if (value == null) {
            throw Fault.notFound("Flavor " + id + " has no extra specs with key " + key + ".");
        }
        return value;
    }

    private static Map<String, String> specs(Fields fields) {
        Map<String, String> specs = new LinkedHashMap<>();
        fields.json().properties().forEach(entry -> {
            if (!KEY.matcher(entry.getKey()).matches()) {
                throw fields.invalid(entry.getKey(), "is not a name for an extra spec.");
            }
            JsonNode value = entry.getValue();
            if (!value.isValueNode() || value.isNull() || value.asText().length() > 255) {
                throw fields.invalid(entry.getKey(), "must be a string of at most 255 characters.");
            }
            specs.put(entry.getKey(), value.asText());
        });
        return specs;
    }
}
