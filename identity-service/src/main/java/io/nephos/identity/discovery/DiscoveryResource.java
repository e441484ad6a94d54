package io.nephos.identity.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Links;
import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The version documents: 300 at the root, which leaves the client the choice, 200 at /v3. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Public
public class DiscoveryResource {
    private final Links links;

    @Inject
    public DiscoveryResource(Links links) {
        this.links = links;
    }

    @GET
    public Response versions() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("versions").putArray("values").add(version());
        return Response.status(300)
                .header("Location", links.to(""))
                .entity(body)
                .build();
    }

    @GET
    @Path("/v3")
    public ObjectNode v3() {
        return JsonNodeFactory.instance.objectNode().set("version", version());
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
