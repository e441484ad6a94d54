package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.PageLink;
import io.nephos.image.image.ImageStore;
import io.nephos.image.schema.SchemaDocuments;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Namespaces of metadata definitions (Image API v2, "Metadata definition namespaces"). */
@Path(NamespaceResource.PATH)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class NamespaceResource {
    static final String PATH = "/v2/metadefs/namespaces";
    private static final List<String> READ_ONLY = List.of("self", "schema", "created_at", "updated_at");
    private final NamespaceStore namespaces;
    private final DefinitionStore definitions;
    private final ResourceTypeStore types;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    NamespaceResource(
            NamespaceStore namespaces,
            DefinitionStore definitions,
            ResourceTypeStore types,
            Policy policy,
            RequestContext request) {
        this.namespaces = namespaces;
        this.definitions = definitions;
        this.types = types;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        policy.require("get_metadef_namespaces", caller, caller.project());
        policy.require("list_metadef_resource_types", caller, caller.project());
        NamespaceQuery query = NamespaceQuery.of(uri.getQueryParameters());
        List<NamespaceRow> found = namespaces.list(query.toStore(), caller);
        List<NamespaceRow> page = found.subList(0, Math.min(found.size(), query.limit()));
        List<NamespaceRow> shown = page.stream()
                .filter(row -> namespaces.allows(caller, row, "get_metadef_namespace"))
                .toList();
        Map<String, List<AssociationRow>> associations = types
                .of(shown.stream().map(row -> row.id).toList())
                .stream()
                .collect(Collectors.groupingBy(row -> row.namespaceId));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("namespaces");
        for (NamespaceRow row : shown) {
            ObjectNode view = MetadefView.namespace(row);
            if (associations.containsKey(row.id)) {
                view.set("resource_type_associations", MetadefView.associations(associations.get(row.id)));
            }
            all.add(view);
        }
        answer.put("first", PageLink.of(PATH, uri, Optional.empty()));
        if (found.size() > page.size() && !page.isEmpty()) {
            answer.put("next", PageLink.of(PATH, uri, Optional.of(page.getLast().namespace)));
        }
        return answer.put("schema", "/v2/schemas/metadefs/namespaces");
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        Caller caller = request.caller();
        requireAll(caller, wanted);
        NamespaceRow row = new NamespaceRow();
        row.id = UUID.randomUUID().toString();
        row.createdAt = ImageStore.now();
        row.updatedAt = row.createdAt;
        write(row, wanted, caller);
        namespaces.insert(row, tx -> fill(tx, row, wanted));
        return Response.created(MetadefView.address(row)).entity(whole(row)).build();
    }

    /** With all that it defines; with a resource type, its properties have the prefix that they have there. */
    @GET
    @Path("{namespace}")
    public ObjectNode show(
            @PathParam("namespace") String namespace, @QueryParam("resource_type") @Nullable String resourceType) {
        NamespaceRow row = namespaces.permitted(
                request.caller(),
                namespace,
                "list_metadef_resource_types",
                "get_metadef_objects",
                "get_metadef_properties",
                "get_metadef_tags");
        ObjectNode view = whole(row);
        types.of(row).stream()
                .filter(association -> association.resourceType.equals(resourceType))
                .findFirst()
                .map(association -> association.prefix)
                .ifPresent(prefix -> Prefix.put(prefix, view));
        return view;
    }

    @PUT
    @Path("{namespace}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode update(@PathParam("namespace") String namespace, @Nullable JsonNode body) {
        JsonNode wanted = checked(body);
        Caller caller = request.caller();
        NamespaceRow row = namespaces.permitted(caller, namespace, "modify_metadef_namespace");
        write(row, wanted, caller);
        return MetadefView.namespace(namespaces.update(row));
    }

    @DELETE
    @Path("{namespace}")
    public void delete(@PathParam("namespace") String namespace) {
        namespaces.delete(namespaces.permitted(request.caller(), namespace, "delete_metadef_namespace"));
    }

    private static JsonNode checked(@Nullable JsonNode body) {
        if (body != null) {
            for (String attribute : READ_ONLY) {
                if (body.has(attribute)) {
                    throw Fault.forbidden("Attribute '" + attribute + "' is read-only.");
                }
            }
        }
        SchemaDocuments.NAMESPACE.require(body);
        return java.util.Objects.requireNonNull(body);
    }

    private void requireAll(Caller caller, JsonNode wanted) {
        policy.require("add_metadef_namespace", caller, caller.project());
        Map<String, String> more = Map.of(
                "resource_type_associations", "add_metadef_resource_type_association",
                "objects", "add_metadef_object",
                "properties", "add_metadef_property",
                "tags", "add_metadef_tag");
        more.forEach((part, rule) -> {
            if (wanted.has(part)) {
                policy.require(rule, caller, caller.project());
            }
        });
    }

    // What is not said is as in a new namespace, at each update too.
    private static void write(NamespaceRow row, JsonNode wanted, Caller caller) {
        row.namespace = wanted.get("namespace").asText();
        // No address leads to such a one.
        if (List.of("", ".", "..").contains(row.namespace)) {
            throw Fault.badRequest("Provided object does not match schema 'namespace': 'namespace' is empty or dots.");
        }
        row.displayName =
                wanted.has("display_name") ? wanted.get("display_name").asText() : null;
        row.description = wanted.has("description") ? wanted.get("description").asText() : null;
        row.visibility = wanted.path("visibility").asText("private");
        row.isProtected = wanted.path("protected").asBoolean(false);
        row.owner = wanted.path("owner").asText(caller.project());
    }

    private void fill(Transaction tx, NamespaceRow row, JsonNode wanted) {
        wanted.path("resource_type_associations").forEach(item -> types.associate(tx, row, item));
        wanted.path("objects")
                .forEach(item -> definitions.insert(
                        tx, row, DefinitionKind.OBJECT, item.path("name").asText(), MetadefView.stored(item)));
        wanted.path("properties")
                .properties()
                .forEach(item -> definitions.insert(
                        tx, row, DefinitionKind.PROPERTY, item.getKey(), MetadefView.stored(item.getValue())));
        wanted.path("tags")
                .forEach(item -> definitions.insert(
                        tx, row, DefinitionKind.TAG, item.path("name").asText(), "{}"));
    }

    private ObjectNode whole(NamespaceRow row) {
        ObjectNode view = MetadefView.namespace(row);
        List<AssociationRow> associations = types.of(row);
        if (!associations.isEmpty()) {
            view.set("resource_type_associations", MetadefView.associations(associations));
        }
        List<DefinitionRow> properties = definitions.list(row, DefinitionKind.PROPERTY);
        if (!properties.isEmpty()) {
            view.set("properties", MetadefView.properties(properties));
        }
        List<DefinitionRow> objects = definitions.list(row, DefinitionKind.OBJECT);
        if (!objects.isEmpty()) {
            ArrayNode all = view.putArray("objects");
            objects.forEach(object -> all.add(MetadefView.object(row, object)));
        }
        List<DefinitionRow> tags = definitions.list(row, DefinitionKind.TAG);
        if (!tags.isEmpty()) {
            view.set(
                    "tags", MetadefView.names(tags.stream().map(tag -> tag.name).toList()));
        }
        return view;
    }
}
