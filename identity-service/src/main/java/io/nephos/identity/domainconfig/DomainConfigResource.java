package io.nephos.identity.domainconfig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.SecurityCompliance;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** /v3/domains/{id}/config (Identity API reference, "Domain configuration"): whole, by group, by option. */
@Path("/v3/domains/{domain}/config")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class DomainConfigResource {
    private final Database db;
    private final Access access;
    private final ProjectStore projects;
    private final DomainConfigStore store;
    private final SecurityCompliance compliance;

    @Inject
    public DomainConfigResource(
            Database db, Access access, ProjectStore projects, DomainConfigStore store, SecurityCompliance compliance) {
        this.db = db;
        this.access = access;
        this.projects = projects;
        this.store = store;
        this.compliance = compliance;
    }

    /** Replaces what was there: 201 when nothing was. */
    @PUT
    public Response put(@PathParam("domain") String domain, @Nullable JsonNode body) {
        access.require("identity:create_domain_config");
        return db.write(tx -> {
            projects.requireDomain(tx, domain);
            JsonNode config = config(body);
            DomainConfigOptions.require(config);
            boolean created = store.rows(tx, domain, null, null).isEmpty();
            store.clear(tx, domain);
            store.put(tx, domain, config);
            return Response.status(created ? 201 : 200)
                    .entity(wrapped(store.shown(store.rows(tx, domain, null, null))))
                    .build();
        });
    }

    @GET
    public ObjectNode show(@PathParam("domain") String domain) {
        access.require("identity:get_domain_config");
        return wrapped(db.read(tx -> found(tx, domain, null, null)));
    }

    @GET
    @Path("/{group}")
    public ObjectNode showGroup(@PathParam("domain") String domain, @PathParam("group") String group) {
        if (DomainConfigOptions.isCompliance(group)) {
            requireComplianceReadable(domain);
            return wrapped(DomainConfigOptions.compliance(compliance));
        }
        access.require("identity:get_domain_config");
        DomainConfigOptions.requireGroup(group);
        return wrapped(db.read(tx -> found(tx, domain, group, null)));
    }

    @GET
    @Path("/{group}/{option}")
    public ObjectNode showOption(
            @PathParam("domain") String domain, @PathParam("group") String group, @PathParam("option") String option) {
        if (DomainConfigOptions.isCompliance(group)) {
            requireComplianceReadable(domain);
            return wrapped(DomainConfigOptions.compliance(compliance, option));
        }
        access.require("identity:get_domain_config");
        DomainConfigOptions.require(group, option);
        ObjectNode config = db.read(tx -> found(tx, domain, group, option));
        return wrapped((ObjectNode) config.get(group));
    }

    @PATCH
    public ObjectNode update(@PathParam("domain") String domain, @Nullable JsonNode body) {
        return update(domain, null, null, body);
    }

    @PATCH
    @Path("/{group}")
    public ObjectNode updateGroup(
            @PathParam("domain") String domain, @PathParam("group") String group, @Nullable JsonNode body) {
        return update(domain, group, null, body);
    }

    /** The body has the option without its group. */
    @PATCH
    @Path("/{group}/{option}")
    public ObjectNode updateOption(
            @PathParam("domain") String domain,
            @PathParam("group") String group,
            @PathParam("option") String option,
            @Nullable JsonNode body) {
        return update(domain, group, option, body);
    }

    private ObjectNode update(String domain, @Nullable String group, @Nullable String option, @Nullable JsonNode body) {
        access.require("identity:update_domain_config");
        return wrapped(db.write(tx -> {
            projects.requireDomain(tx, domain);
            JsonNode sent = config(body);
            JsonNode config = group != null && option != null
                    ? JsonNodeFactory.instance.objectNode().set(group, sent)
                    : sent;
            DomainConfigOptions.require(config);
            if (group != null) {
                requireOnly(config, group, option);
                requireThere(tx, domain, group, option);
            }
            store.put(tx, domain, config);
            return store.shown(store.rows(tx, domain, null, null));
        }));
    }

    @DELETE
    public void delete(@PathParam("domain") String domain) {
        access.require("identity:delete_domain_config");
        db.run(tx -> {
            projects.requireDomain(tx, domain);
            store.clear(tx, domain);
        });
    }

    @DELETE
    @Path("/{group}")
    public void deleteGroup(@PathParam("domain") String domain, @PathParam("group") String group) {
        DomainConfigOptions.requireGroup(group);
        delete(domain, group, null);
    }

    @DELETE
    @Path("/{group}/{option}")
    public void deleteOption(
            @PathParam("domain") String domain, @PathParam("group") String group, @PathParam("option") String option) {
        DomainConfigOptions.require(group, option);
        delete(domain, group, option);
    }

    private void delete(String domain, String group, @Nullable String option) {
        access.require("identity:delete_domain_config");
        db.run(tx -> {
            projects.requireDomain(tx, domain);
            requireThere(tx, domain, group, option).forEach(tx::delete);
        });
    }

    private ObjectNode found(Transaction tx, String domain, @Nullable String group, @Nullable String option) {
        projects.requireDomain(tx, domain);
        ObjectNode config = store.shown(store.rows(tx, domain, group, option));
        if (config.isEmpty()) {
            throw DomainConfigStore.missing(domain, group, option);
        }
        return config;
    }

    private List<DomainConfigRow> requireThere(Transaction tx, String domain, String group, @Nullable String option) {
        List<DomainConfigRow> rows = store.rows(tx, domain, group, option);
        if (rows.isEmpty()) {
            throw DomainConfigStore.missing(domain, group, option);
        }
        return rows;
    }

    private static void requireOnly(JsonNode config, String group, @Nullable String option) {
        if (!config.has(group)) {
            throw DomainConfigOptions.refused(
                    "request to update group " + group + ", but config provided contains group "
                            + config.fieldNames().next() + " instead");
        }
        if (config.size() != 1) {
            throw DomainConfigOptions.refused("Trying to update group " + group
                    + ", so that, and only that, group must be specified in the config");
        }
        if (option != null && !config.get(group).has(option)) {
            throw DomainConfigOptions.refused("Trying to update option " + option + " in group " + group
                    + ", but config provided contains option "
                    + config.get(group).fieldNames().next() + " instead");
        }
        if (option != null && config.get(group).size() != 1) {
            throw DomainConfigOptions.refused("Trying to update option " + option + " in group " + group
                    + ", so that, and only that, option must be specified  in the config");
        }
    }

    /** Of the default domain only, by anyone who is signed in. */
    private void requireComplianceReadable(String domain) {
        access.require("identity:get_security_compliance_domain_config");
        if (!domain.equals("default")) {
            throw DomainConfigOptions.refused("Reading security compliance information for any domain other than the"
                    + " default domain is not allowed or supported.");
        }
    }

    private static JsonNode config(@Nullable JsonNode body) {
        return Fields.of(body, "config").json();
    }

    private static ObjectNode wrapped(ObjectNode config) {
        return JsonNodeFactory.instance.objectNode().set("config", config);
    }
}
