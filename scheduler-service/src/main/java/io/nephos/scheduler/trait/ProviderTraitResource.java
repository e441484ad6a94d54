package io.nephos.scheduler.trait;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Schema;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
public class ProviderTraitResource {
    private static final Schema TRAITS = Schema.object()
            .with("traits", Schema.list(Schema.text(1, 255), 0, false))
            .with("resource_provider_generation", Schema.integer());

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
    public Response replace(@PathParam("id") String id, byte[] body) {
        gate.passJson(6, "resource_providers:traits:update");
        JsonNode given = gate.read(body, TRAITS);
        Set<String> wanted = new TreeSet<>();
        given.get("traits").forEach(trait -> wanted.add(trait.textValue()));
        long generation = given.get("resource_provider_generation").longValue();
        database.run(tx -> {
            providers.lock(tx, id, generation);
            Known.requireTraits(tx, wanted);
            if (traits.replace(tx, id, wanted)) {
                providers.advance(tx, List.of(id));
            }
        });
        return show(id);
    }

    @DELETE
    public void deleteAll(@PathParam("id") String id) {
        gate.pass(6, "resource_providers:traits:delete");
        database.run(tx -> {
            providers.lock(tx, id);
            if (traits.replace(tx, id, Set.of())) {
                providers.advance(tx, List.of(id));
            }
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
