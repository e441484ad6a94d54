package io.nephos.network.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** Networking API v2.0, version discovery. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VersionResource {
    private static final List<String> COLLECTIONS = List.of(
            "networks",
            "subnets",
            "ports",
            "routers",
            "floatingips",
            "security-groups",
            "security-group-rules",
            "subnetpools",
            "quotas",
            "agents",
            "extensions");

    @GET
    @Public
    public ObjectNode versions(@Context UriInfo uri) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode version = answer.putArray("versions").addObject();
        version.put("id", "v2.0");
        version.put("status", "CURRENT");
        version.putArray("links").addObject().put("rel", "self").put("href", root(uri));
        return answer;
    }

    /** The collections there are. */
    @GET
    @Path("v2.0")
    public ObjectNode resources(@Context UriInfo uri) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var resources = answer.putArray("resources");
        for (String collection : COLLECTIONS) {
            ObjectNode resource = resources.addObject();
            resource.put("name", collection.substring(0, collection.length() - 1));
            resource.put("collection", collection);
            resource.putArray("links").addObject().put("rel", "self").put("href", root(uri) + collection);
        }
        return answer;
    }

    private static String root(UriInfo uri) {
        return uri.getBaseUri().resolve("/v2.0/").toString();
    }
}
