package io.nephos.scheduler.host;

import io.nephos.contracts.events.v1.HostEvent;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.inventory.InventoryStore;
import io.nephos.scheduler.provider.ProviderRow;
import io.nephos.scheduler.provider.ProviderStore;
import io.nephos.scheduler.trait.TraitStore;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Hosts in PostgreSQL. Ages are measured by the database's clock, so that replicas agree. */
@ApplicationScoped
public class HostStore {
    static final String TOPIC = "nephos.scheduler.host";

    /** Set on a provider by an operator: nothing new goes there. Nova's mark of a disabled compute service. */
    public static final String DISABLED = "COMPUTE_STATUS_DISABLED";

    private final Database database;
    private final ProviderStore providers;
    private final InventoryStore inventories;
    private final TraitStore traits;

    @Inject
    public HostStore(Database database, ProviderStore providers, InventoryStore inventories, TraitStore traits) {
        this.database = database;
        this.providers = providers;
        this.inventories = inventories;
        this.traits = traits;
    }

    /** All hosts, by name. */
    public List<HostRow> all() {
        return database.read(tx -> tx.list(HostRow.class, "from HostRow order by name", Map.of()));
    }

    /** Those of these names, by name. */
    public List<HostRow> named(Collection<String> names) {
        return database.read(tx ->
                tx.list(HostRow.class, "from HostRow where name in (:names) order by name", Map.of("names", names)));
    }

    /** Makes the books say what the agent says. The same report again changes nothing but the heartbeat. */
    public void report(Host report) {
        database.run(tx -> {
            tx.serialize("host:" + report.getName());
            giveWay(tx, report);
            ProviderRow provider = providers(tx, report);
            boolean changed = converge(tx, provider.id, report);
            changed |= traits.report(tx, provider.id, Set.copyOf(report.getTraitsList()));
            // Plans that were made with other cells are not good any more.
            changed |= tx.find(HostRow.class, report.getId())
                    .filter(row -> !row.numaCells.equals(HostFacts.text(report.getNumaCellsList())))
                    .isPresent();
            if (changed) {
                providers.advance(tx, List.of(provider.id));
            }
            saveHost(tx, report);
        });
    }

    /** False when the host is not known, or known under another id: it must report. */
    public boolean heartbeat(String id, String name) {
        if (database.execute("update host set last_heartbeat = now() where id = $1 and name = $2 and up", id, name)
                == 1) {
            return true;
        }
        return database.write(tx -> tx.lock(HostRow.class, id)
                .filter(row -> row.name.equals(name))
                .map(row -> {
                    cameUp(row);
                    tx.update(row);
                    publish(tx, row);
                    return true;
                })
                .orElse(false));
    }

    /** Hosts that are up and have been silent for longer. */
    public List<String> silent(Duration timeout) {
        return database
                .rows(
                        "select id from host where up and last_heartbeat < now() - $1 * interval '1 millisecond'",
                        timeout.toMillis())
                .stream()
                .map((Row row) -> row.getString("id"))
                .toList();
    }

    /** Marks the host down unless it has been heard meanwhile. */
    public boolean markDown(String id, Duration timeout) {
        return database.write(tx -> {
            // Plans that were made while it was up are not good any more.
            providers.advance(tx, List.of(id));
            int marked = tx.executeNative(
                    "update host set up = false, generation = generation + 1 where id = :id and up"
                            + " and last_heartbeat < now() - :millis * interval '1 millisecond'",
                    Map.of("id", id, "millis", timeout.toMillis()));
            if (marked == 1) {
                tx.find(HostRow.class, id).ifPresent(row -> publish(tx, row));
            }
            return marked == 1;
        });
    }

    /** Nothing new goes to a host that is disabled; 404 when there is none of that name. */
    public HostRow setEnabled(String name, boolean enabled, String reason) {
        return database.write(tx -> {
            HostRow known = tx.first(HostRow.class, "from HostRow where name = :name", Map.of("name", name))
                    .orElseThrow(() -> Fault.notFound("There is no host " + name + "."));
            providers.lock(tx, known.id);
            HostRow row = tx.lock(HostRow.class, known.id).orElse(known);
            traits.set(tx, row.id, DISABLED, !enabled);
            providers.advance(tx, List.of(row.id));
            row.disabledReason = enabled ? "" : reason;
            row.generation++;
            tx.update(row);
            publish(tx, row);
            return row;
        });
    }

    /** The host is down from now on, or as its agent says again; 404 when there is none of that name. */
    public HostRow setForcedDown(String name, boolean forcedDown) {
        return database.write(tx -> {
            HostRow known = tx.first(HostRow.class, "from HostRow where name = :name", Map.of("name", name))
                    .orElseThrow(() -> Fault.notFound("There is no host " + name + "."));
            providers.lock(tx, known.id);
            HostRow row = tx.lock(HostRow.class, known.id).orElse(known);
            if (row.forcedDown == forcedDown) {
                return row;
            }
            providers.advance(tx, List.of(row.id));
            row.forcedDown = forcedDown;
            row.generation++;
            tx.update(row);
            publish(tx, row);
            return row;
        });
    }

    /** What BuildFailureWeigher looks at; a host that is not known any more is passed over. */
    public void countBuild(String name, boolean succeeded) {
        database.execute(
                succeeded
                        ? "update host set failed_builds = 0 where name = $1 and failed_builds > 0"
                        : "update host set failed_builds = failed_builds + 1 where name = $1",
                name);
    }

    /** A host that was installed anew has a new id; its predecessor of the name goes, unless something is placed on it. */
    private void giveWay(Transaction tx, Host report) {
        Optional<ProviderRow> other = tx.first(
                ProviderRow.class,
                "from ProviderRow where name = :name and id <> :id",
                Map.of("name", report.getName(), "id", report.getId()));
        if (other.isEmpty()) {
            return;
        }
        String id = other.get().id;
        providers.lock(tx, id);
        if (!inventories.used(tx, id).isEmpty()) {
            throw Fault.conflict("Host " + report.getName() + " is known as resource provider " + id
                    + ", which still holds allocations; the report names " + report.getId() + ".");
        }
        tx.execute("delete from ProviderRow where id = :id", Map.of("id", id));
    }

    private ProviderRow providers(Transaction tx, Host report) {
        Optional<ProviderRow> known = tx.lock(ProviderRow.class, report.getId());
        if (known.isPresent()) {
            ProviderRow row = known.get();
            if (!row.name.equals(report.getName())) {
                throw Fault.conflict(
                        "Resource provider " + report.getId() + " is " + row.name + ", not " + report.getName() + ".");
            }
            return row;
        }
        ProviderRow row = new ProviderRow();
        row.id = report.getId();
        row.name = report.getName();
        row.rootId = row.id;
        row.createdAt = OffsetDateTime.now(Clock.systemUTC());
        row.updatedAt = row.createdAt;
        tx.insert(row);
        return row;
    }

    private boolean converge(Transaction tx, String providerId, Host report) {
        Map<String, Inventory> wanted = new TreeMap<>();
        report.getInventoriesMap().forEach((resourceClass, reported) -> wanted.put(resourceClass, of(reported)));
        Map<String, Inventory> known = inventories.of(tx, providerId);
        if (known.equals(wanted)) {
            return false;
        }
        wanted.forEach((resourceClass, inventory) -> {
            if (!inventory.equals(known.get(resourceClass))) {
                tx.executeNative(
                        "insert into resource_class (name) values (:name) on conflict (name) do nothing",
                        Map.of("name", resourceClass));
                inventories.put(tx, providerId, resourceClass, inventory);
            }
        });
        Set<String> gone = new TreeSet<>(known.keySet());
        gone.removeAll(wanted.keySet());
        Set<String> held = inventories.inUse(tx, providerId, gone);
        for (String resourceClass : gone) {
            if (held.contains(resourceClass)) {
                Inventory old = known.get(resourceClass);
                if (old != null) {
                    // Somebody holds some of it: nothing new goes there.
                    inventories.put(tx, providerId, resourceClass, closed(old));
                }
            } else {
                inventories.delete(tx, providerId, resourceClass);
            }
        }
        return true;
    }

    private static Inventory closed(Inventory old) {
        return new Inventory(
                old.total(), old.total(), old.minUnit(), old.maxUnit(), old.stepSize(), old.allocationRatio());
    }

    private static Inventory of(io.nephos.contracts.scheduler.v1.Inventory reported) {
        double ratio = reported.getAllocationRatio() > 0 ? reported.getAllocationRatio() : 1;
        long total = Math.max(1, reported.getTotal());
        // As Nova: overcommit is for many servers together, one server is never larger than its host.
        return new Inventory(total, Math.clamp(reported.getReserved(), 0, total), 1, total, 1, ratio);
    }

    private static void saveHost(Transaction tx, Host report) {
        Optional<HostRow> known = tx.lock(HostRow.class, report.getId());
        HostRow row = known.orElseGet(HostRow::new);
        boolean wasUp = known.isPresent() && row.up;
        row.id = report.getId();
        row.name = report.getName();
        row.agentAddress = report.getAgentAddress();
        row.hypervisorType = report.getHypervisorType();
        row.hypervisorVersion = report.getHypervisorVersion();
        row.availabilityZone = report.getAvailabilityZone().isEmpty() ? "nova" : report.getAvailabilityZone();
        row.cpuInfo = report.getCpuInfo();
        row.node = report.getNode();
        row.address = report.getAddress();
        row.properties = HostFacts.text(report.getPropertiesMap());
        row.numaCells = HostFacts.text(report.getNumaCellsList());
        row.ioOps = report.getIoOps();
        if (wasUp) {
            row.lastHeartbeat = OffsetDateTime.now(Clock.systemUTC());
        } else {
            cameUp(row);
        }
        if (known.isPresent()) {
            tx.update(row);
        } else {
            tx.insert(row);
        }
        if (!wasUp) {
            publish(tx, row);
        }
    }

    private static void cameUp(HostRow row) {
        row.up = true;
        row.generation++;
        row.lastHeartbeat = OffsetDateTime.now(Clock.systemUTC());
    }

    private static void publish(Transaction tx, HostRow row) {
        tx.publish(
                TOPIC,
                row.id,
                HostEvent.newBuilder()
                        .setId(row.id)
                        .setName(row.name)
                        .setUp(row.isUp())
                        .setGeneration(row.generation)
                        .addAllConsumerIds(row.isUp() ? List.of() : consumers(tx, row.id))
                        .build());
    }

    /** Who holds something of the host, or of a provider below it. */
    private static List<String> consumers(Transaction tx, String id) {
        return tx.listNative(
                String.class,
                "select distinct consumer_id from allocation join resource_provider p on p.id = provider_id"
                        + " where p.root_id = :id order by consumer_id",
                Map.of("id", id));
    }
}
