package io.nephos.block.type;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.block.BlockApi;
import io.nephos.block.Json;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** API reference "Volume types" and "Volume type access". */
@Path("/v3/types")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VolumeTypeResource {
    private final VolumeTypeStore types;
    private final VolumeTypeView view;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public VolumeTypeResource(VolumeTypeStore types, VolumeTypeView view, Policy policy, RequestContext request) {
        this.types = types;
        this.view = view;
        this.policy = policy;
        this.request = request;
    }

    /** {@code is_public}: true, false or none for both; only an administrator may ask for the private ones. */
    @GET
    public Map<String, Object> list(
            @QueryParam("is_public") @Nullable String isPublic,
            @QueryParam("name") @Nullable String name,
            @QueryParam("marker") @Nullable String marker,
            @QueryParam("limit") @Nullable String limit) {
        require("volume_extension:type_get_all");
        Stream<VolumeTypeRow> found = types.list(request.caller()).stream();
        if (isPublic != null && !isPublic.toLowerCase(Locale.ROOT).equals("none")) {
            boolean wanted = isPublic.toLowerCase(Locale.ROOT).matches("true|1|yes|on|t|y");
            found = found.filter(type -> type.isPublic == wanted);
        }
        if (name != null) {
            found = found.filter(type -> type.name.equals(name));
        }
        if (marker != null) {
            VolumeTypeRow last = types.visible(request.caller(), marker);
            found = found.filter(type -> type.name.compareTo(last.name) > 0);
        }
        return Map.of(
                "volume_types",
                found.limit(limit == null ? 1000 : number(limit)).map(view::of).toList());
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> show(@PathParam("id") String id) {
        require("volume_extension:type_get");
        return answer(id.equals("default") ? types.byDefault() : types.visible(request.caller(), id));
    }

    @POST
    public Map<String, Object> create(JsonNode body) {
        require("volume_extension:type_create");
        Fields asked = Fields.of(body, "volume_type");
        VolumeTypeRow type = new VolumeTypeRow();
        type.id = UUID.randomUUID().toString();
        type.name = asked.text("name", 1, 255).strip();
        if (type.name.isEmpty()) {
            throw asked.invalid("name", "must not be blank.");
        }
        type.description = asked.optionalText("description", 0, 255).orElse(null);
        type.isPublic = asked.flag("os-volume-type-access:is_public", true);
        type.extraSpecs = Json.write(asked.textMap("extra_specs", 255, 255));
        type.createdAt = BlockApi.now();
        types.insert(type);
        return answer(type);
    }

    @PUT
    @Path("/{id}")
    public Map<String, Object> update(@PathParam("id") String id, JsonNode body) {
        require("volume_extension:type_update");
        Fields asked = Fields.of(body, "volume_type");
        Optional<String> name = asked.optionalText("name", 1, 255);
        Optional<String> description = asked.optionalText("description", 0, 255);
        Optional<Boolean> isPublic = asked.optionalFlag("is_public");
        if (name.isEmpty() && description.isEmpty() && isPublic.isEmpty()) {
            throw Fault.badRequest("Specify volume type name, description, is_public or a combination thereof.");
        }
        if (name.filter(String::isBlank).isPresent()) {
            throw asked.invalid("name", "must not be blank.");
        }
        VolumeTypeRow changed = types.change(id, type -> {
            name.ifPresent(text -> type.name = text.strip());
            description.ifPresent(text -> type.description = text);
            isPublic.ifPresent(flag -> type.isPublic = flag);
        });
        return Map.of("volume_type", view.updated(changed));
    }

    @DELETE
    @Path("/{id}")
    public Response delete(@PathParam("id") String id) {
        require("volume_extension:type_delete");
        types.delete(id);
        return Response.accepted().build();
    }

    @GET
    @Path("/{id}/os-volume-type-access")
    public Map<String, Object> access(@PathParam("id") String id) {
        require("volume_extension:volume_type_access:get_all_for_type");
        if (types.visible(request.caller(), id).isPublic) {
            throw Fault.notFound("Access list not available for public volume types.");
        }
        return Map.of(
                "volume_type_access",
                types.access(id).stream()
                        .map(row -> Map.of("volume_type_id", row.typeId, "project_id", row.projectId))
                        .toList());
    }

    @POST
    @Path("/{id}/action")
    public Response action(@PathParam("id") String id, JsonNode body) {
        Fields actions = Fields.ofBody(body);
        if (actions.has("addProjectAccess")) {
            require("volume_extension:volume_type_access:addProjectAccess");
            requirePrivate(id);
            TypeAccessRow access = new TypeAccessRow();
            access.id = UUID.randomUUID().toString();
            access.typeId = id;
            access.projectId = actions.object("addProjectAccess").text("project", 1, 64);
            types.grant(access);
        } else if (actions.has("removeProjectAccess")) {
            require("volume_extension:volume_type_access:removeProjectAccess");
            requirePrivate(id);
            types.revoke(id, actions.object("removeProjectAccess").text("project", 1, 64));
        } else {
            throw Fault.badRequest("There is no such action on a volume type.");
        }
        return Response.accepted().build();
    }

    private void requirePrivate(String id) {
        if (types.visible(request.caller(), id).isPublic) {
            throw Fault.conflict("Type access modification is not applicable to public volume type.");
        }
    }

    private Map<String, Object> answer(VolumeTypeRow type) {
        return Map.of("volume_type", view.of(type));
    }

    private void require(String rule) {
        policy.require(rule, request.caller(), request.caller().project());
    }

    private static long number(String limit) {
        try {
            long value = Long.parseLong(limit);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(limit);
    }

    private static FaultException wrong(String limit) {
        return Fault.badRequest("limit must be a non-negative integer, not '" + limit + "'.");
    }
}
