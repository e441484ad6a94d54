package io.nephos.image.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What metadata definitions look like, as JSON schemas (Image API v2, "Metadata definition schemas"). */
@Path("/v2/schemas/metadefs")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class MetadefSchemaResource {
    @GET
    @Path("{name}")
    public JsonNode show(@PathParam("name") String name) {
        return switch (name) {
            case "namespace" -> SchemaDocuments.NAMESPACE.document();
            case "namespaces" -> SchemaDocuments.collection(name, SchemaDocuments.NAMESPACE.document());
            case "object" -> SchemaDocuments.OBJECT.document();
            case "objects" -> SchemaDocuments.collection(name, SchemaDocuments.OBJECT.document());
            case "property" -> SchemaDocuments.PROPERTY.document();
            case "properties" -> SchemaDocuments.byName(name, SchemaDocuments.PROPERTY.document());
            case "tag" -> SchemaDocuments.TAG.document();
            case "tags" -> SchemaDocuments.collection(name, SchemaDocuments.TAG.document());
            case "resource_type" -> SchemaDocuments.RESOURCE_TYPE.document();
            case "resource_types" ->
                SchemaDocuments.collection("resource_type_associations", SchemaDocuments.RESOURCE_TYPE.document());
            default -> throw Fault.notFound("The resource could not be found.");
        };
    }
}
