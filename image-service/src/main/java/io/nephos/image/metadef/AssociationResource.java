package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which types of resources a namespace is for (Image API v2, "Metadata definition resource types"). */
@Path("/v2/metadefs/namespaces/{namespace}/resource_types")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AssociationResource {
    private final NamespaceStore namespaces;
    private final ResourceTypeStore types;
    private final RequestContext request;

    @Inject
    AssociationResource(NamespaceStore namespaces, ResourceTypeStore types, RequestContext request) {
        this.namespaces = namespaces;
        this.types = types;
        this.request = request;
    }

    @GET
    public ObjectNode list(@PathParam("namespace") String namespace) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "list_metadef_resource_types");
        boolean shown = namespaces.allows(request.caller(), row, "get_metadef_resource_type");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("resource_type_associations", MetadefView.associations(shown ? types.of(row) : List.of()));
        return answer;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response associate(@PathParam("namespace") String namespace, @Nullable JsonNode body) {
        for (String attribute : List.of("created_at", "updated_at")) {
            if (body != null && body.has(attribute)) {
                throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
            }
        }
        SchemaDocuments.RESOURCE_TYPE.require(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "add_metadef_resource_type_association");
        return Response.status(201)
                .entity(MetadefView.association(types.associate(row, Objects.requireNonNull(body))))
                .build();
    }

    @DELETE
    @Path("{type}")
    public void dissociate(@PathParam("namespace") String namespace, @PathParam("type") String type) {
        NamespaceRow row =
                namespaces.permitted(request.caller(), namespace, "remove_metadef_resource_type_association");
        types.dissociate(row, type);
    }
}
