package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.consumer.ConsumerRow;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.inventory.InventoryStore;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.ProviderRow;
import io.nephos.scheduler.provider.ProviderStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes consumers hold exactly what was asked, or throws the fault that says why not. */
@ApplicationScoped
class AllocationWriter {
    private final Database database;
    private final AllocationStore allocations;
    private final InventoryStore inventories;
    private final ProviderStore providers;

    @Inject
    AllocationWriter(
            Database database, AllocationStore allocations, InventoryStore inventories, ProviderStore providers) {
        this.database = database;
        this.allocations = allocations;
        this.inventories = inventories;
        this.providers = providers;
    }

    /** All inventories that a provider is to have, if it is still at that generation. */
    record Shape(long generation, Map<String, Inventory> inventories) {}

    /** All of them or none. What one consumer gives up is there for the others. */
    void write(Collection<AllocationRequest> requests, SortedMap<String, Shape> shapes) {
        try {
            database.run(tx -> write(tx, requests, shapes));
        } catch (UniqueViolation e) {
            throw concurrent("The consumer was made by another request meanwhile; try again.");
        }
    }

    private void write(Transaction tx, Collection<AllocationRequest> requests, SortedMap<String, Shape> shapes) {
        requireProviders(tx, shapes.keySet());
        SortedSet<String> touched = new TreeSet<>(shapes.keySet());
        requests.stream()
                .sorted(Comparator.comparing(AllocationRequest::consumerId))
                .forEach(request -> {
                    prepareConsumer(tx, request);
                    touched.addAll(allocations.heldBy(tx, request.consumerId()).keySet());
                    touched.addAll(request.resources().keySet());
                });
        touched.forEach(id -> lock(tx, id, Optional.ofNullable(shapes.get(id))));
        shapes.forEach((provider, shape) -> {
            requireClasses(tx, "malformed reshaper data: ", shape.inventories().keySet());
            shape.inventories().forEach((name, inventory) -> inventories.put(tx, provider, name, inventory));
        });
        requests.forEach(request -> allocations.clear(tx, request.consumerId()));
        requests.forEach(request -> request.resources()
                .forEach((provider, resources) -> requireClasses(
                        tx,
                        "Unable to allocate inventory for consumer " + request.consumerId() + ": ",
                        resources.keySet())));
        requests.forEach(request -> request.resources().forEach((provider, resources) -> {
            requireRoom(tx, provider, resources);
            allocations.insert(tx, request.consumerId(), provider, resources);
        }));
        shapes.forEach((provider, shape) -> removeOthers(tx, provider, shape));
        requests.stream()
                .filter(request -> request.resources().isEmpty())
                .forEach(request ->
                        tx.execute("delete from ConsumerRow where id = :id", Map.of("id", request.consumerId())));
        // As Placement counts: the new shape, what is held of it, the end of the old shape.
        providers.advance(tx, shapes.keySet());
        providers.advance(tx, shapes.keySet());
        touched.removeIf(id -> shapes.containsKey(id) && !isGiver(id, requests));
        providers.advance(tx, touched);
    }

    private static boolean isGiver(String provider, Collection<AllocationRequest> requests) {
        return requests.stream().anyMatch(request -> request.resources().containsKey(provider));
    }

    private static void requireClasses(Transaction tx, String message, Set<String> names) {
        Known.requireClasses(tx, message + "No such resource class ", names);
    }

    /** Of the shapes; who reshapes is told of them before anything else. */
    private static void requireProviders(Transaction tx, Set<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<String> missing = new TreeSet<>(ids);
        missing.removeAll(
                tx.listNative(String.class, "select id from resource_provider where id in (:ids)", Map.of("ids", ids)));
        if (!missing.isEmpty()) {
            throw notFound(missing.iterator().next());
        }
    }

    private static FaultException notFound(String provider) {
        return Fault.badRequest(
                "placement.resource_provider.not_found",
                "Resource provider " + provider + " in inventories not found: No resource provider with uuid "
                        + provider + " found");
    }

    private static void lock(Transaction tx, String id, Optional<Shape> shape) {
        ProviderRow row = tx.lock(ProviderRow.class, id)
                .orElseThrow(() -> shape.isPresent()
                        ? notFound(id)
                        : Fault.badRequest("Allocation for resource provider '" + id + "' that does not exist."));
        if (shape.isPresent() && shape.get().generation() != row.generation) {
            throw concurrent("resource provider generation conflict for provider " + id + ": actual: " + row.generation
                    + ", given: " + shape.get().generation());
        }
    }

    private void removeOthers(Transaction tx, String provider, Shape shape) {
        Set<String> others = new TreeSet<>(inventories.of(tx, provider).keySet());
        others.removeAll(shape.inventories().keySet());
        Set<String> held = inventories.inUse(tx, provider, others);
        if (!held.isEmpty()) {
            throw Fault.conflict(
                    "placement.inventory.inuse",
                    "Inventory for '" + String.join(", ", held) + "' on resource provider '" + provider + "' in use.");
        }
        others.forEach(name -> inventories.delete(tx, provider, name));
    }

    private void prepareConsumer(Transaction tx, AllocationRequest request) {
        Optional<ConsumerRow> known = allocations.lockConsumer(tx, request.consumerId());
        requireExpected(request, known);
        if (known.isEmpty()) {
            allocations.insertConsumer(
                    tx,
                    request.consumerId(),
                    request.projectId(),
                    request.userId(),
                    null,
                    null,
                    request.consumerType().orElse(null));
            return;
        }
        ConsumerRow row = known.get();
        row.projectId = request.projectId();
        row.userId = request.userId();
        request.consumerType().ifPresent(type -> row.consumerType = type);
        row.generation++;
        row.updatedAt = OffsetDateTime.now(Clock.systemUTC());
        tx.update(row);
    }

    private static void requireExpected(AllocationRequest request, Optional<ConsumerRow> known) {
        boolean asExpected = switch (request.expected()) {
            case AllocationRequest.Expected.Anything anything -> true;
            case AllocationRequest.Expected.Nothing nothing -> known.isEmpty();
            case AllocationRequest.Expected.Generation generation ->
                known.filter(row -> row.generation == generation.number()).isPresent();
        };
        if (!asExpected) {
            throw concurrent("consumer generation conflict - expected "
                    + known.map(row -> Long.toString(row.generation)).orElse("null") + " but got "
                    + request.expected().shown());
        }
    }

    private void requireRoom(Transaction tx, String provider, SortedMap<String, Long> resources) {
        Map<String, Inventory> there = inventories.of(tx, provider);
        Map<String, Long> used = inventories.used(tx, provider);
        resources.forEach((resourceClass, amount) -> {
            Inventory inventory = there.get(resourceClass);
            if (inventory == null) {
                throw Fault.conflict("Unable to allocate inventory: Inventory for '" + resourceClass
                        + "' on resource provider '" + provider + "' invalid.");
            }
            if (!inventory.withinUnits(amount)) {
                throw Fault.conflict("Unable to allocate inventory: Unable to create allocation for '" + resourceClass
                        + "' on resource provider '" + provider
                        + "'. The requested amount would violate inventory constraints.");
            }
            if (!inventory.fits(used.getOrDefault(resourceClass, 0L), amount)) {
                throw Fault.conflict("Unable to allocate inventory: Unable to create allocation for '" + resourceClass
                        + "' on resource provider '" + provider
                        + "'. The requested amount would exceed the capacity.");
            }
        });
    }

    private static FaultException concurrent(String message) {
        return Fault.conflict("placement.concurrent_update", message);
    }
}
