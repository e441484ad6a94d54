package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.quota.Quotas;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Metadata of a server; the guest's metadata service follows (API reference, "Server metadata"). */
@Path("/v2.1/servers/{id}/metadata")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class MetadataResource {
    private final ServerAccess access;
    private final ServerStore store;
    private final Quotas quotas;

    @Inject
    public MetadataResource(ServerAccess access, ServerStore store, Quotas quotas) {
        this.access = access;
        this.store = store;
        this.quotas = quotas;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        return all(Json.texts(access.get(id, "server-metadata:index").metadata));
    }

    @GET
    @Path("{key}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("key") String key) {
        Map<String, String> metadata = Json.texts(access.get(id, "server-metadata:show").metadata);
        return one(key, present(metadata, key));
    }

    @POST
    public ObjectNode add(@PathParam("id") String id, JsonNode body) {
        Map<String, String> sent = sent(body);
        return all(change(id, "server-metadata:create", metadata -> metadata.putAll(sent)));
    }

    @PUT
    public ObjectNode replace(@PathParam("id") String id, JsonNode body) {
        Map<String, String> sent = sent(body);
        return all(change(id, "server-metadata:update_all", metadata -> {
            metadata.clear();
            metadata.putAll(sent);
        }));
    }

    @PUT
    @Path("{key}")
    public ObjectNode set(@PathParam("id") String id, @PathParam("key") String key, JsonNode body) {
        Map<String, String> sent = Fields.ofBody(body).only("meta").textMap("meta", 255, 255);
        String value = sent.get(key);
        if (value == null) {
            throw Fault.badRequest("Request body and URI mismatch");
        }
        if (sent.size() != 1) {
            throw Fault.badRequest("Request body contains too many items");
        }
        change(id, "server-metadata:update", metadata -> metadata.put(key, value));
        return one(key, value);
    }

    @DELETE
    @Path("{key}")
    public void delete(@PathParam("id") String id, @PathParam("key") String key) {
        change(id, "server-metadata:delete", metadata -> {
            present(metadata, key);
            metadata.remove(key);
        });
    }

    private Map<String, String> change(String id, String rule, Consumer<Map<String, String>> change) {
        return access.change(id, rule, (tx, server) -> {
            Map<String, String> metadata = new LinkedHashMap<>(Json.texts(server.row().metadata));
            change.accept(metadata);
            quotas.checkMetadata(tx, server.row().projectId, metadata.size());
            server.row().metadata = Json.text(metadata);
            server.redefine(Times.now());
            store.wake(tx, id);
            return metadata;
        });
    }

    private static Map<String, String> sent(JsonNode body) {
        Fields fields = Fields.ofBody(body).only("metadata");
        if (!fields.has("metadata")) {
            throw fields.required("metadata");
        }
        return ServerRequest.metadata(fields);
    }

    private static String present(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw Fault.notFound("Metadata item was not found");
        }
        return value;
    }

    private static ObjectNode all(Map<String, String> metadata) {
        return Json.NODES.objectNode().set("metadata", Json.tree(Json.text(metadata)));
    }

    private static ObjectNode one(String key, String value) {
        ObjectNode body = Json.NODES.objectNode();
        body.putObject("meta").put(key, value);
        return body;
    }
}
