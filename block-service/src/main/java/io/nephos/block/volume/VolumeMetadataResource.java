package io.nephos.block.volume;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
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
import java.util.function.UnaryOperator;

/** API reference "Volumes": their metadata. */
@Path("/v3/volumes/{id}/metadata")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VolumeMetadataResource {
    private final VolumeStore volumes;
    private final RequestContext request;

    @Inject
    public VolumeMetadataResource(VolumeStore volumes, RequestContext request) {
        this.volumes = volumes;
        this.request = request;
    }

    @GET
    public Map<String, Object> list(@PathParam("id") String id) {
        return Map.of("metadata", read(id));
    }

    @POST
    public Map<String, Object> add(@PathParam("id") String id, JsonNode body) {
        Map<String, String> added = asked(body);
        return change("volume:create_volume_metadata", id, metadata -> {
            metadata.putAll(added);
            return metadata;
        });
    }

    @PUT
    public Map<String, Object> replace(@PathParam("id") String id, JsonNode body) {
        Map<String, String> all = asked(body);
        return change("volume:update_volume_metadata", id, metadata -> all);
    }

    @GET
    @Path("/{key}")
    public Map<String, Object> show(@PathParam("id") String id, @PathParam("key") String key) {
        String value = read(id).get(key);
        if (value == null) {
            throw missing(id, key);
        }
        return Map.of("meta", Map.of(key, value));
    }

    @PUT
    @Path("/{key}")
    public Map<String, Object> set(@PathParam("id") String id, @PathParam("key") String key, JsonNode body) {
        Map<String, String> item = Fields.ofBody(body).textMap("meta", 255, 255);
        if (item.size() != 1 || !item.containsKey(key)) {
            throw Fault.badRequest("The body must have the one key that the URI names.");
        }
        change("volume:update_volume_metadata", id, metadata -> {
            metadata.putAll(item);
            return metadata;
        });
        return Map.of("meta", item);
    }

    @DELETE
    @Path("/{key}")
    public Response delete(@PathParam("id") String id, @PathParam("key") String key) {
        change("volume:delete_volume_metadata", id, metadata -> {
            if (metadata.remove(key) == null) {
                throw missing(id, key);
            }
            return metadata;
        });
        return Response.ok().build();
    }

    private static Map<String, String> asked(JsonNode body) {
        Fields fields = Fields.ofBody(body);
        fields.object("metadata");
        return fields.textMap("metadata", 255, 255);
    }

    private Map<String, String> read(String id) {
        return volumes.permitted("volume:get_volume_metadata", request.caller(), id)
                .metadata();
    }

    private Map<String, Object> change(String rule, String id, UnaryOperator<Map<String, String>> change) {
        VolumeRow volume =
                volumes.change(rule, request.caller(), id, (tx, row) -> row.metadata(change.apply(row.metadata())));
        return Map.of("metadata", volume.metadata());
    }

    private static FaultException missing(String id, String key) {
        return Fault.notFound("Volume " + id + " has no metadata with key " + key + ".");
    }
}
