package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.PageQuery;
import io.nephos.image.schema.SchemaDocuments;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tags that a namespace defines (Image API v2, "Metadata definition tags"). */
@Path("/v2/metadefs/namespaces/{namespace}/tags")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class NamespaceTagResource {
    private static final DefinitionKind KIND = DefinitionKind.TAG;
    private final NamespaceStore namespaces;
    private final DefinitionStore definitions;
    private final RequestContext request;

    @Inject
    NamespaceTagResource(NamespaceStore namespaces, DefinitionStore definitions, RequestContext request) {
        this.namespaces = namespaces;
        this.definitions = definitions;
        this.request = request;
    }

    @GET
    public ObjectNode list(@PathParam("namespace") String namespace, @Context UriInfo uri) {
        PageQuery page = new PageQuery(uri.getQueryParameters());
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_tags");
        List<String> names = new ArrayList<>(
                definitions.list(row, KIND).stream().map(tag -> tag.name).toList());
        if (!page.descending()) {
            Collections.reverse(names);
        }
        Optional<String> marker = page.value("marker");
        if (marker.isPresent()) {
            int at = names.indexOf(marker.get());
            if (at < 0) {
                throw KIND.missing(marker.get(), namespace);
            }
            names = names.subList(at + 1, names.size());
        }
        if (page.value("limit").isPresent()) {
            names = names.subList(0, Math.min(page.limit(), names.size()));
        }
        ObjectNode answer = answer(names);
        answer.put("first", "/v2/metadefs/namespaces/" + row.namespace + "/tags");
        return answer.put("schema", "/v2/schemas/metadefs/tags");
    }

    /** All at once, instead of those that are there; beside them with X-OpenStack-Append. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response createAll(
            @PathParam("namespace") String namespace,
            @HeaderParam("X-OpenStack-Append") @Nullable String append,
            @Nullable JsonNode body) {
        SchemaDocuments.TAGS.require(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "add_metadef_tags");
        List<String> names = new ArrayList<>();
        Objects.requireNonNull(body)
                .path("tags")
                .forEach(tag -> names.add(tag.path("name").asText()));
        definitions.addTags(row, names, Boolean.parseBoolean(append));
        return Response.status(201).entity(answer(names)).build();
    }

    @POST
    @Path("{tag}")
    public Response create(@PathParam("namespace") String namespace, @PathParam("tag") String tag) {
        SchemaDocuments.TAG.require(JsonNodeFactory.instance.objectNode().put("name", tag));
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "add_metadef_tag");
        return Response.created(MetadefView.address(row, "tags", tag))
                .entity(MetadefView.tag(definitions.add(row, KIND, tag, "{}")))
                .build();
    }

    @GET
    @Path("{tag}")
    public ObjectNode show(@PathParam("namespace") String namespace, @PathParam("tag") String tag) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "get_metadef_tag");
        return MetadefView.tag(definitions.find(row, KIND, tag));
    }

    @PUT
    @Path("{tag}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode rename(
            @PathParam("namespace") String namespace, @PathParam("tag") String tag, @Nullable JsonNode body) {
        for (String attribute : List.of("created_at", "updated_at")) {
            if (body != null && body.has(attribute)) {
                throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
            }
        }
        SchemaDocuments.TAG.require(body);
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "modify_metadef_tag");
        String name = Objects.requireNonNull(body).path("name").asText();
        return MetadefView.tag(definitions.replace(row, KIND, tag, name, "{}"));
    }

    @DELETE
    @Path("{tag}")
    public void delete(@PathParam("namespace") String namespace, @PathParam("tag") String tag) {
        NamespaceRow row = namespaces.permitted(request.caller(), namespace, "delete_metadef_tag");
        definitions.remove(row, KIND, tag);
    }

    @DELETE
    public void deleteAll(@PathParam("namespace") String namespace) {
        definitions.removeAll(
                namespaces.permitted(request.caller(), namespace, "delete_metadef_namespace", "delete_metadef_tags"),
                KIND);
    }

    private static ObjectNode answer(List<String> names) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("tags", MetadefView.names(names));
        return answer;
    }
}
