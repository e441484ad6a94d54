package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.schema.SchemaDocuments;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Objects: groups of properties that belong together (Image API v2, "Metadata definition objects"). */
@Path("/v2/metadefs/namespaces/{namespace}/objects")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ObjectResource {
    private static final DefinitionKind KIND = DefinitionKind.OBJECT;
    private final NamespaceStore namespaces;
    private final DefinitionStore definitions;
    private final RequestContext request;

    @Inject
    ObjectResource(NamespaceStore namespaces, DefinitionStore definitions, RequestContext request) {
        this.namespaces = namespaces;
        this.definitions = definitions;
        this.request = request;
    }

    @GET
    public ObjectNode list(@PathParam("namespace") String namespace) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_objects");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("objects");
        if (namespaces.allows(request.caller(), row, "get_metadef_object")) {
            definitions.list(row, KIND).forEach(object -> all.add(MetadefView.object(row, object)));
        }
        answer.put("first", "/v2/metadefs/namespaces/" + row.namespace + "/objects");
        return answer.put("schema", "/v2/schemas/metadefs/objects");
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@PathParam("namespace") String namespace, @Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "add_metadef_object");
        DefinitionRow object = definitions.add(row, KIND, wanted.path("name").asText(), MetadefView.stored(wanted));
        return Response.created(MetadefView.address(row, "objects", object.name))
                .entity(MetadefView.object(row, object))
                .build();
    }

    @GET
    @Path("{object}")
    public ObjectNode show(@PathParam("namespace") String namespace, @PathParam("object") String object) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_object");
        return MetadefView.object(row, definitions.find(row, KIND, object));
    }

    @PUT
    @Path("{object}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(
            @PathParam("namespace") String namespace, @PathParam("object") String object, @Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "modify_metadef_object");
        return MetadefView.object(
                row, definitions.replace(row, KIND, object, wanted.path("name").asText(), MetadefView.stored(wanted)));
    }

    @DELETE
    @Path("{object}")
    public void delete(@PathParam("namespace") String namespace, @PathParam("object") String object) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "delete_metadef_object");
        definitions.remove(row, KIND, object);
    }

    @DELETE
    public void deleteAll(@PathParam("namespace") String namespace) {
        definitions.removeAll(namespaces.permitted(request.caller(), namespace, "delete_metadef_namespace"), KIND);
    }

    private static JsonNode checked(@Nullable JsonNode body) {
        for (String attribute : List.of("self", "schema", "created_at", "updated_at")) {
            if (body != null && body.has(attribute)) {
                throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
            }
        }
        SchemaDocuments.OBJECT.require(body);
        return Objects.requireNonNull(body);
    }
}
