package io.nephos.identity.domainconfig;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** /v3/domains/config/default (Identity API reference, "Domain configuration"): what holds where a domain says nothing. */
@Path("/v3/domains/config")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class DefaultConfigResource {
    private final Access access;

    @Inject
    public DefaultConfigResource(Access access) {
        this.access = access;
    }

    @GET
    @Path("/default")
    public ObjectNode show() {
        access.require("identity:get_domain_config_default");
        return wrapped(DomainConfigOptions.defaults());
    }

    @GET
    @Path("/{group}/default")
    public ObjectNode showGroup(@PathParam("group") String group) {
        access.require("identity:get_domain_config_default");
        return wrapped(DomainConfigOptions.defaultsOf(group));
    }

    @GET
    @Path("/{group}/{option}/default")
    public ObjectNode showOption(@PathParam("group") String group, @PathParam("option") String option) {
        access.require("identity:get_domain_config_default");
        return wrapped(DomainConfigOptions.defaultOf(group, option));
    }

    private static ObjectNode wrapped(ObjectNode config) {
        return JsonNodeFactory.instance.objectNode().set("config", config);
    }
}
