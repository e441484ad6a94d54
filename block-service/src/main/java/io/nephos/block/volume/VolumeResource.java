package io.nephos.block.volume;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.block.ProjectPath;
import io.nephos.block.type.VolumeTypeStore;
import io.nephos.kit.fault.Fault;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "Volumes". */
@Path("/v3/volumes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VolumeResource {
    private final VolumeStore volumes;
    private final VolumeCreation creation;
    private final VolumeTypeStore types;
    private final VolumeView view;
    private final Policy policy;
    private final RequestContext request;
    private final ProjectPath path;

    @Inject
    public VolumeResource(
            VolumeStore volumes,
            VolumeCreation creation,
            VolumeTypeStore types,
            VolumeView view,
            Policy policy,
            RequestContext request,
            ProjectPath path) {
        this.volumes = volumes;
        this.creation = creation;
        this.types = types;
        this.view = view;
        this.policy = policy;
        this.request = request;
        this.path = path;
    }

    @POST
    public Response create(JsonNode body) {
        VolumeRow volume = creation.create(request.caller(), VolumeRequests.Create.of(body));
        return Response.accepted(Map.of("volume", view.brief(volume, type(volume), List.of())))
                .build();
    }

    @GET
    public Map<String, Object> list(@Context UriInfo uri) {
        return page(uri, rows -> rows.stream().map(view::summary).toList());
    }

    @GET
    @Path("/detail")
    public Map<String, Object> listInDetail(@Context UriInfo uri) {
        return page(uri, rows -> {
            Map<String, List<HeldBy>> holders = volumes.holders(rows);
            Map<String, String> names = types.names();
            return rows.stream()
                    .map(volume -> view.detail(
                            volume, names.getOrDefault(volume.typeId, ""), holders.getOrDefault(volume.id, List.of())))
                    .toList();
        });
    }

    /** Since 3.12. */
    @GET
    @Path("/summary")
    public Map<String, Object> summary(@Context UriInfo uri) {
        if (!request.version().atLeast(3, 12)) {
            throw Fault.notFound("The resource could not be found.");
        }
        Caller caller = request.caller();
        policy.require("volume:get_all", caller, caller.project());
        return Map.of("volume-summary", volumes.total(query(uri, caller), caller));
    }

    @GET
    @Path("/{id}")
    public Map<String, Object> show(@PathParam("id") String id) {
        VolumeRow volume = volumes.permitted("volume:get", request.caller(), id);
        return Map.of("volume", view.detail(volume, type(volume), holders(volume)));
    }

    @PUT
    @Path("/{id}")
    public Map<String, Object> update(@PathParam("id") String id, JsonNode body) {
        VolumeRequests.Update update = VolumeRequests.Update.of(body);
        VolumeRow volume = volumes.change("volume:update", request.caller(), id, (tx, row) -> {
            update.name().ifPresent(name -> row.name = name);
            update.description().ifPresent(description -> row.description = description);
            update.metadata().ifPresent(row::metadata);
        });
        return Map.of("volume", view.brief(volume, type(volume), holders(volume)));
    }

    /** {@code cascade} takes snapshots with it, of which there are none; {@code force} (3.23) is not offered. */
    @DELETE
    @Path("/{id}")
    public Response delete(@PathParam("id") String id, @QueryParam("cascade") @Nullable String cascade) {
        volumes.delete(request.caller(), id);
        return Response.accepted().build();
    }

    private Map<String, Object> page(
            UriInfo uri, Function<List<VolumeRow>, List<Map<String, @Nullable Object>>> rendering) {
        Caller caller = request.caller();
        policy.require("volume:get_all", caller, caller.project());
        VolumeQuery query = query(uri, caller);
        List<VolumeRow> rows = volumes.list(query, caller);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("volumes", rendering.apply(rows));
        if (!rows.isEmpty() && rows.size() == query.limit()) {
            String next = UriBuilder.fromUri(path.original())
                    .replaceQueryParam("marker", rows.getLast().id)
                    .replaceQueryParam("offset")
                    .build()
                    .toString();
            answer.put("volumes_links", List.of(Map.of("rel", "next", "href", next)));
        }
        return answer;
    }

    private VolumeQuery query(UriInfo uri, Caller caller) {
        return VolumeQuery.of(uri.getQueryParameters(), volumes.isAdmin(caller));
    }

    private String type(VolumeRow volume) {
        return types.names().getOrDefault(volume.typeId, "");
    }

    private List<HeldBy> holders(VolumeRow volume) {
        return volumes.holders(List.of(volume)).getOrDefault(volume.id, List.of());
    }
}
