package io.nephos.block.type;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.block.Json;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
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
import java.util.Map;

/** API reference "Volume types": their extra specs. */
@Path("/v3/types/{type}/extra_specs")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ExtraSpecResource {
    private static final String KEY = "[a-zA-Z0-9-_:.]{1,255}";

    private final VolumeTypeStore types;
    private final VolumeTypeView view;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public ExtraSpecResource(VolumeTypeStore types, VolumeTypeView view, Policy policy, RequestContext request) {
        this.types = types;
        this.view = view;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public Map<String, Object> list(@PathParam("type") String type) {
        require("volume_extension:types_extra_specs:index");
        return Map.of("extra_specs", view.specs(types.visible(request.caller(), type)));
    }

    @GET
    @Path("/{key}")
    public Map<String, String> show(@PathParam("type") String type, @PathParam("key") String key) {
        require("volume_extension:types_extra_specs:show");
        String value = view.specs(types.visible(request.caller(), type)).get(key);
        if (value == null) {
            throw missing(type, key);
        }
        return Map.of(key, value);
    }

    @POST
    public Map<String, Object> create(@PathParam("type") String type, JsonNode body) {
        require("volume_extension:types_extra_specs:create");
        Map<String, String> added = specs(Fields.of(body, "extra_specs").json());
        types.visible(request.caller(), type);
        types.change(type, row -> {
            Map<String, String> specs = row.extraSpecs();
            specs.putAll(added);
            row.extraSpecs = Json.write(specs);
        });
        return Map.of("extra_specs", added);
    }

    @PUT
    @Path("/{key}")
    public Map<String, String> update(@PathParam("type") String type, @PathParam("key") String key, JsonNode body) {
        require("volume_extension:types_extra_specs:update");
        Map<String, String> changed = specs(Fields.ofBody(body).json());
        types.visible(request.caller(), type);
        if (changed.size() != 1 || !changed.containsKey(key)) {
            throw Fault.badRequest("The body must have the one key that the URI names.");
        }
        types.change(type, row -> {
            Map<String, String> specs = row.extraSpecs();
            specs.putAll(changed);
            row.extraSpecs = Json.write(specs);
        });
        return changed;
    }

    @DELETE
    @Path("/{key}")
    public Response delete(@PathParam("type") String type, @PathParam("key") String key) {
        require("volume_extension:types_extra_specs:delete");
        types.visible(request.caller(), type);
        types.change(type, row -> {
            Map<String, String> specs = row.extraSpecs();
            if (specs.remove(key) == null) {
                throw missing(type, key);
            }
            row.extraSpecs = Json.write(specs);
        });
        return Response.accepted().build();
    }

    private static Map<String, String> specs(JsonNode node) {
        Map<String, String> specs =
                Fields.ofBody(Json.wrap("extra_specs", node)).textMap("extra_specs", 255, 255);
        specs.keySet().stream().filter(key -> !key.matches(KEY)).findFirst().ifPresent(key -> {
            throw Fault.badRequest("Key names can only contain alphanumeric characters, underscores, periods, colons"
                    + " and hyphens; '" + key + "' does not.");
        });
        return specs;
    }

    private static io.nephos.kit.fault.FaultException missing(String type, String key) {
        return Fault.notFound("Volume Type " + type + " has no extra specs with key " + key + ".");
    }

    private void require(String rule) {
        policy.require(rule, request.caller(), request.caller().project());
    }
}
