package io.nephos.identity.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Links;
import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * The version documents: 300 at the root, which leaves the client the choice, 200 at /v3. Who prefers
 * {@code application/json-home} gets the JSON Home document instead.
 */
@Path("/")
@RunOnVirtualThread
@Public
public class DiscoveryResource {
    private static final MediaType HOME = new MediaType("application", "json-home");

    private final Links links;
    private final JsonHome home;

    @Inject
    public DiscoveryResource(Links links, JsonHome home) {
        this.links = links;
        this.home = home;
    }

    @GET
    public Response versions(@Context HttpHeaders headers) {
        if (prefersHome(headers)) {
            return Response.ok(home.document("/v3"), HOME).build();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("versions").putArray("values").add(version());
        return Response.status(300)
                .header("Location", links.to(""))
                .entity(body)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    @GET
    @Path("/v3")
    public Response v3(@Context HttpHeaders headers) {
        if (prefersHome(headers)) {
            return Response.ok(home.document(""), HOME).build();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().set("version", version());
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
    }

    /** The first that the client accepts of the two, by his own order; JSON when he accepts neither. */
    private static boolean prefersHome(HttpHeaders headers) {
        for (MediaType type : headers.getAcceptableMediaTypes()) {
            if (type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
            if (type.isCompatible(HOME)) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode version() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", "v3.14").put("status", "stable").put("updated", "2020-04-07T00:00:00Z");
        node.putArray("links").addObject().put("rel", "self").put("href", links.to(""));
        node.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.identity-v3+json");
        return node;
    }
}
