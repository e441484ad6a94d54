package io.nephos.compute.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.token.Public;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Version discovery (API reference, "API Versions"). */
@Path("/")
@Public
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class VersionResource {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private final Links links;

    @Inject
    public VersionResource(Links links) {
        this.links = links;
    }

    @GET
    public ObjectNode list() {
        ObjectNode body = JSON.objectNode();
        body.putArray("versions").add(legacy()).add(current());
        return body;
    }

    @GET
    @Path("v2")
    public ObjectNode showLegacy() {
        return JSON.objectNode().set("version", detailed(legacy(), "2"));
    }

    @GET
    @Path("v2.1")
    public ObjectNode show() {
        return JSON.objectNode().set("version", detailed(current(), "2.1"));
    }

    private ObjectNode legacy() {
        return version("v2.0", "SUPPORTED", "", "", "2011-01-21T11:33:21Z", links.root() + "/v2/");
    }

    private ObjectNode current() {
        return version(
                "v2.1",
                "CURRENT",
                ComputeVersions.MAX.toString(),
                ComputeVersions.MIN.toString(),
                "2013-07-23T11:33:21Z",
                links.root() + "/v2.1/");
    }

    private static ObjectNode version(
            String id, String status, String max, String min, String updated, String address) {
        ObjectNode version = JSON.objectNode()
                .put("id", id)
                .put("status", status)
                .put("version", max)
                .put("min_version", min)
                .put("updated", updated);
        version.putArray("links").add(Links.link("self", address));
        return version;
    }

    private static ObjectNode detailed(ObjectNode version, String number) {
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.compute+json;version=" + number);
        return version;
    }
}
