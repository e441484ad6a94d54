package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
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
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Makes consumers hold exactly what was asked, or throws the fault that says why not. */
@ApplicationScoped
class AllocationWriter {
    private final AllocationStore allocations;
    private final InventoryStore inventories;
    private final ProviderStore providers;

    @Inject
    AllocationWriter(AllocationStore allocations, InventoryStore inventories, ProviderStore providers) {
        this.allocations = allocations;
        this.inventories = inventories;
        this.providers = providers;
    }

    /** All of them or none. What one consumer gives up is there for the others. */
    void write(Transaction tx, Collection<AllocationRequest> requests) {
        SortedSet<String> touched = new TreeSet<>();
        requests.stream()
                .sorted((a, b) -> a.consumerId().compareTo(b.consumerId()))
                .forEach(request -> {
                    prepareConsumer(tx, request);
                    touched.addAll(allocations.heldBy(tx, request.consumerId()).keySet());
                    touched.addAll(request.resources().keySet());
                });
        for (String id : touched) {
            if (tx.lock(ProviderRow.class, id).isEmpty()) {
                throw Fault.badRequest("Allocation for resource provider '" + id + "' that does not exist.");
            }
        }
        requests.forEach(request -> allocations.clear(tx, request.consumerId()));
        requests.forEach(request -> request.resources().forEach((provider, resources) -> {
            Known.requireClasses(tx, resources.keySet());
            requireRoom(tx, provider, resources);
            allocations.insert(tx, request.consumerId(), provider, resources);
        }));
        requests.stream()
                .filter(request -> request.resources().isEmpty())
                .forEach(request ->
                        tx.execute("delete from ConsumerRow where id = :id", Map.of("id", request.consumerId())));
        providers.advance(tx, touched);
    }

    private void prepareConsumer(Transaction tx, AllocationRequest request) {
        Optional<ConsumerRow> known = allocations.lockConsumer(tx, request.consumerId());
        if (known.isEmpty()) {
            allocations.insertConsumer(tx, request.consumerId(), request.projectId(), request.userId(), null, null);
            return;
        }
        ConsumerRow row = known.get();
        row.projectId = request.projectId();
        row.userId = request.userId();
        row.generation++;
        row.updatedAt = OffsetDateTime.now(Clock.systemUTC());
        tx.update(row);
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
}
