package io.nephos.scheduler.trait;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Placement API reference, "Resource provider traits". */
@Path("/resource_providers/{id}/traits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ProviderTraitResource {
    private final Database database;
    private final ProviderStore providers;
    private final TraitStore traits;
    private final Gate gate;
    private final Answers answers;

    public ProviderTraitResource(
            Database database, ProviderStore providers, TraitStore traits, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.traits = traits;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list(@PathParam("id") String id) {
        gate.pass(6, "resource_providers:traits:list");
        return show(id);
    }

    @PUT
    public Response replace(@PathParam("id") String id, JsonNode body) {
        gate.pass(6, "resource_providers:traits:update");
        Fields fields = Fields.ofBody(body).only("traits", "resource_provider_generation");
        if (!fields.has("traits")) {
            throw fields.required("traits");
        }
        Set<String> wanted = new TreeSet<>(fields.texts("traits", 1, 255));
        long generation = fields.optionalLong("resource_provider_generation", 0, Long.MAX_VALUE)
                .orElseThrow(() -> fields.required("resource_provider_generation"));
        database.run(tx -> {
            providers.lock(tx, id, generation);
            Known.requireTraits(tx, wanted);
            traits.replace(tx, id, wanted);
            providers.advance(tx, List.of(id));
        });
        return show(id);
    }

    @DELETE
    public void deleteAll(@PathParam("id") String id) {
        gate.pass(6, "resource_providers:traits:delete");
        database.run(tx -> {
            providers.lock(tx, id);
            traits.replace(tx, id, Set.of());
            providers.advance(tx, List.of(id));
        });
    }

    private Response show(String id) {
        Provider provider = providers.require(id);
        return answers.ok(
                Map.of(
                        "traits",
                        new TreeSet<>(provider.traits()),
                        "resource_provider_generation",
                        provider.generation()),
                provider.updatedAt());
    }
}
