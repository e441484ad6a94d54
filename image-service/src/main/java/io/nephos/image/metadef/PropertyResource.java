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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Properties: a name and the values that it may have (Image API v2, "Metadata definition properties"). */
@Path("/v2/metadefs/namespaces/{namespace}/properties")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class PropertyResource {
    private static final DefinitionKind KIND = DefinitionKind.PROPERTY;
    private final NamespaceStore namespaces;
    private final DefinitionStore definitions;
    private final ResourceTypeStore types;
    private final RequestContext request;

    @Inject
    PropertyResource(
            NamespaceStore namespaces, DefinitionStore definitions, ResourceTypeStore types, RequestContext request) {
        this.namespaces = namespaces;
        this.definitions = definitions;
        this.types = types;
        this.request = request;
    }

    @GET
    public ObjectNode list(@PathParam("namespace") String namespace) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_properties");
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("properties", MetadefView.properties(definitions.list(row, KIND)));
        return answer;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@PathParam("namespace") String namespace, @Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "add_metadef_property");
        DefinitionRow property = definitions.add(row, KIND, wanted.path("name").asText(), MetadefView.stored(wanted));
        return Response.created(MetadefView.address(row, "properties", property.name))
                .entity(MetadefView.property(property))
                .build();
    }

    /** With a resource type, the property is asked for by the name that it has there. */
    @GET
    @Path("{property}")
    public ObjectNode show(
            @PathParam("namespace") String namespace,
            @PathParam("property") String property,
            @QueryParam("resource_type") @Nullable String resourceType) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_property");
        String name = property;
        if (resourceType != null) {
            namespaces.permitted(request.caller(), namespace, "get_metadef_resource_type");
            String prefix = prefix(row, resourceType);
            if (prefix.isEmpty() || !property.startsWith(prefix)) {
                throw Fault.notFound("Property " + property
                        + " does not start with the expected resource type association prefix of '" + prefix + "'.");
            }
            name = property.substring(prefix.length());
        }
        return MetadefView.property(definitions.find(row, KIND, name));
    }

    @PUT
    @Path("{property}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(
            @PathParam("namespace") String namespace, @PathParam("property") String property, @Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "modify_metadef_property");
        return MetadefView.property(
                definitions.replace(row, KIND, property, wanted.path("name").asText(), MetadefView.stored(wanted)));
    }

    @DELETE
    @Path("{property}")
    public void delete(@PathParam("namespace") String namespace, @PathParam("property") String property) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "remove_metadef_property");
        definitions.remove(row, KIND, property);
    }

    @DELETE
    public void deleteAll(@PathParam("namespace") String namespace) {
        definitions.removeAll(namespaces.permitted(request.caller(), namespace, "delete_metadef_namespace"), KIND);
    }

    private String prefix(NamespaceRow row, String resourceType) {
        AssociationRow association = types.of(row).stream()
                .filter(found -> found.resourceType.equals(resourceType))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("The metadata definition resource-type association of resource-type="
                        + resourceType + " to namespace=" + row.namespace + ", was not found."));
        return association.prefix == null ? "" : association.prefix;
    }

    private static JsonNode checked(@Nullable JsonNode body) {
        for (String attribute : java.util.List.of("created_at", "updated_at")) {
            if (body != null && body.has(attribute)) {
                throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
            }
        }
        SchemaDocuments.PROPERTY.require(body);
        return Objects.requireNonNull(body);
    }
}
