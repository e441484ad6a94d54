package io.nephos.scheduler.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Placement API reference, "Resource provider inventories" and "Resource provider usages". */
@Path("/resource_providers/{id}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InventoryResource {
    private final Database database;
    private final ProviderStore providers;
    private final InventoryStore inventories;
    private final Gate gate;
    private final Answers answers;

    public InventoryResource(
            Database database, ProviderStore providers, InventoryStore inventories, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.inventories = inventories;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    @Path("/inventories")
    public Response list(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:inventories:list");
        return all(id);
    }

    @POST
    @Path("/inventories")
    public Response create(@PathParam("id") String id, byte[] body) {
        gate.passJson(0, "resource_providers:inventories:create");
        providers.require(id);
        JsonNode given = gate.read(body, InventoryRequests.NEW);
        String resourceClass = given.get("resource_class").textValue();
        Inventory inventory = InventoryRequests.read(
                given, resourceClass, "Unable to create inventory for resource provider " + id, gate);
        long generation = database.write(tx -> {
            providers.lock(tx, id);
            Known.requireClasses(
                    tx,
                    "Unable to create inventory for resource provider " + id + ": No such resource class ",
                    Set.of(resourceClass));
            if (inventories.of(tx, id).containsKey(resourceClass)) {
                throw Fault.conflict(
                        "placement.concurrent_update",
                        "Update conflict: inventory of class " + resourceClass + " exists already.");
            }
            inventories.put(tx, id, resourceClass, inventory);
            return advance(tx, id);
        });
        return answers.created(
                "/resource_providers/" + id + "/inventories/" + resourceClass,
                InventoryView.of(inventory, generation),
                Instant.now(Clock.systemUTC()));
    }

    @PUT
    @Path("/inventories")
    public Response replace(@PathParam("id") String id, byte[] body) {
        gate.passJson(0, "resource_providers:inventories:update");
        providers.require(id);
        JsonNode given = gate.read(body, InventoryRequests.ALL);
        Map<String, Inventory> wanted =
                InventoryRequests.readAll(given.get("inventories"), "resource provider " + id, gate);
        database.run(tx -> {
            lock(tx, id, given);
            Known.requireClasses(
                    tx,
                    "Unknown resource class in inventory for resource provider " + id + ": No such resource class ",
                    wanted.keySet());
            Map<String, Inventory> known = inventories.of(tx, id);
            Set<String> gone = new TreeSet<>(known.keySet());
            gone.removeAll(wanted.keySet());
            remove(tx, id, gone);
            wanted.forEach((resourceClass, inventory) -> inventories.put(tx, id, resourceClass, inventory));
            advance(tx, id);
        });
        return all(id);
    }

    @DELETE
    @Path("/inventories")
    public void deleteAll(@PathParam("id") String id) {
        if (!gate.atLeast(5)) {
            throw new Fault.MethodNotAllowed("", "The method is not allowed for this resource.").asException();
        }
        gate.pass(5, "resource_providers:inventories:delete");
        database.run(tx -> {
            providers.lock(tx, id);
            remove(tx, id, inventories.of(tx, id).keySet());
            advance(tx, id);
        });
    }

    @GET
    @Path("/inventories/{class}")
    public Response show(@PathParam("id") String id, @PathParam("class") String resourceClass) {
        gate.pass(0, "resource_providers:inventories:show");
        Provider provider = providers.require(id);
        Inventory inventory = provider.inventories().get(resourceClass);
        if (inventory == null) {
            throw Fault.notFound("No inventory of class " + resourceClass + " for " + id);
        }
        return answers.ok(InventoryView.of(inventory, provider.generation()), provider.updatedAt());
    }

    @PUT
    @Path("/inventories/{class}")
    public Response update(@PathParam("id") String id, @PathParam("class") String resourceClass, byte[] body) {
        gate.passJson(0, "resource_providers:inventories:update");
        providers.require(id);
        JsonNode given = gate.read(body, InventoryRequests.ONE);
        Inventory inventory = InventoryRequests.read(
                given, resourceClass, "Unable to update inventory for resource provider " + id, gate);
        long generation = database.write(tx -> {
            lock(tx, id, given);
            if (!inventories.of(tx, id).containsKey(resourceClass)) {
                throw Fault.badRequest("No inventory record with resource class for resource provider " + id
                        + ": No inventory of class " + resourceClass + " found");
            }
            inventories.put(tx, id, resourceClass, inventory);
            return advance(tx, id);
        });
        return answers.ok(InventoryView.of(inventory, generation), Instant.now(Clock.systemUTC()));
    }

    @DELETE
    @Path("/inventories/{class}")
    public void delete(@PathParam("id") String id, @PathParam("class") String resourceClass) {
        gate.pass(0, "resource_providers:inventories:delete");
        database.run(tx -> {
            providers.lock(tx, id);
            if (!inventories.of(tx, id).containsKey(resourceClass)) {
                throw Fault.notFound("No inventory of class " + resourceClass + " found for delete");
            }
            if (!inventories.inUse(tx, id, Set.of(resourceClass)).isEmpty()) {
                throw Fault.conflict(
                        "placement.concurrent_update",
                        "Unable to delete inventory of class " + resourceClass + ": Inventory for '" + resourceClass
                                + "' on resource provider '" + id + "' in use.");
            }
            inventories.delete(tx, id, resourceClass);
            advance(tx, id);
        });
    }

    @GET
    @Path("/usages")
    public Response usages(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:usages");
        Provider provider = providers.require(id);
        Map<String, Long> usages = new TreeMap<>();
        provider.inventories()
                .keySet()
                .forEach(name -> usages.put(name, provider.used().getOrDefault(name, 0L)));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("resource_provider_generation", provider.generation());
        view.put("usages", usages);
        return answers.ok(view, Instant.now(Clock.systemUTC()));
    }

    private Response all(String id) {
        Provider provider = providers.require(id);
        return answers.ok(InventoryView.of(provider.inventories(), provider.generation()), provider.updatedAt());
    }

    private void lock(Transaction tx, String id, JsonNode given) {
        providers.lock(tx, id, given.get("resource_provider_generation").longValue());
    }

    private long advance(Transaction tx, String id) {
        long generation = tx.listNative(
                        Long.class, "select generation from resource_provider where id = :id", Map.of("id", id))
                .getFirst();
        providers.advance(tx, id, generation);
        return generation + 1;
    }

    private void remove(Transaction tx, String id, Set<String> classes) {
        Set<String> held = inventories.inUse(tx, id, classes);
        if (!held.isEmpty()) {
            throw Fault.conflict(
                    "placement.inventory.inuse",
                    "update conflict: Inventory for '" + String.join(", ", held) + "' on resource provider '" + id
                            + "' in use.");
        }
        classes.forEach(resourceClass -> inventories.delete(tx, id, resourceClass));
    }
}
