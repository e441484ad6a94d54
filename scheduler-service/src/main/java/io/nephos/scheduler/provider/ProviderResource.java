package io.nephos.scheduler.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Ids;
import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.placement.Schema;
import io.nephos.scheduler.placement.TraitRule;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/** Placement API reference, "Resource providers". */
@Path("/resource_providers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProviderResource {
    private static final Schema.Properties RENAMED = Schema.object().with("name", Schema.text(0, 200));
    private static final Schema.Properties NEW = RENAMED.optional("uuid", Schema.uuid());
    private static final Schema PARENT = Schema.orNull(Schema.uuid());

    private final Database database;
    private final ProviderStore providers;
    private final ProviderPicture picture;
    private final Gate gate;
    private final Answers answers;

    public ProviderResource(
            Database database, ProviderStore providers, ProviderPicture picture, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.picture = picture;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list(@Context UriInfo uri) {
        gate.pass(0, "resource_providers:list");
        Query query = Query.of(uri, gate, parameters());
        Optional<String> id = query.uuid("uuid");
        Optional<String> name = query.text("name");
        Optional<String> tree = query.uuid("in_tree");
        SortedMap<String, Long> resources = query.resources("resources");
        AggregateRule aggregates = query.memberOf("member_of");
        TraitRule traits = query.required("required");
        database.run(tx -> requireKnown(tx, resources.keySet(), traits.names()));
        List<Provider> found = picture.look(forest -> {
            Optional<String> root =
                    tree.map(member -> forest.find(member).map(Provider::rootId).orElse(""));
            Collection<Provider> some = id.isPresent()
                    ? forest.find(id.get()).stream().toList()
                    : root.isPresent() ? forest.tree(root.get()) : forest.all();
            return some.stream()
                    .filter(provider -> name.isEmpty() || name.get().equals(provider.name()))
                    .filter(provider -> root.isEmpty() || root.get().equals(provider.rootId()))
                    .filter(provider -> resources.entrySet().stream()
                            .allMatch(need -> provider.fits(need.getKey(), need.getValue())))
                    .filter(provider -> aggregates.allows(provider.aggregates()))
                    .filter(provider -> traits.allows(provider.traits()))
                    .toList();
        });
        return answers.ok(
                Map.of(
                        "resource_providers",
                        found.stream()
                                .map(provider -> ProviderView.of(provider, gate))
                                .toList()),
                Instant.now(Clock.systemUTC()));
    }

    @POST
    public Response create(byte[] body) {
        gate.passJson(0, "resource_providers:create");
        JsonNode given = gate.read(body, gate.atLeast(14) ? NEW.optional("parent_provider_uuid", PARENT) : NEW);
        String id = given.has("uuid")
                ? Ids.canonical(given.get("uuid").textValue())
                : UUID.randomUUID().toString();
        String name = given.get("name").textValue();
        Optional<String> parent = parent(given);
        if (name.isEmpty()) {
            throw unable("create", name, id, "name is required");
        }
        if (parent.equals(Optional.of(id))) {
            throw unable("create", name, id, "parent provider UUID cannot be same as UUID");
        }
        try {
            database.run(tx -> insert(tx, id, name, parent));
        } catch (UniqueViolation e) {
            throw duplicate(e, id, name);
        }
        Provider made = providers.require(id);
        URI location = URI.create("/resource_providers/" + id);
        return gate.atLeast(20)
                ? answers.dated(Response.ok(ProviderView.of(made, gate)).location(location), made.updatedAt())
                        .build()
                : Response.created(location).build();
    }

    @GET
    @Path("/{id}")
    public Response show(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:show");
        Provider provider = providers.require(id);
        return answers.ok(ProviderView.of(provider, gate), provider.updatedAt());
    }

    @PUT
    @Path("/{id}")
    public Response update(@PathParam("id") String id, byte[] body) {
        gate.passJson(0, "resource_providers:update");
        providers.require(id);
        JsonNode given = gate.read(body, gate.atLeast(14) ? RENAMED.optional("parent_provider_uuid", PARENT) : RENAMED);
        String name = given.get("name").textValue();
        Optional<String> parent = parent(given);
        try {
            database.run(tx -> {
                ProviderRow row = providers.lock(tx, id);
                row.name = name;
                if (given.has("parent_provider_uuid")) {
                    move(tx, row, parent);
                }
                row.updatedAt = OffsetDateTime.now(Clock.systemUTC());
                tx.update(row);
            });
        } catch (UniqueViolation e) {
            throw duplicate(e, id, name);
        }
        Provider changed = providers.require(id);
        return answers.ok(ProviderView.of(changed, gate), changed.updatedAt());
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        gate.pass(0, "resource_providers:delete");
        database.run(tx -> {
            if (tx.lock(ProviderRow.class, id).isEmpty()) {
                throw Fault.notFound("No resource provider with uuid " + id + " found for delete");
            }
            if (tx.count("select count(*) from ProviderRow where parentId = :id", Map.of("id", id)) > 0) {
                throw Fault.conflict(
                        "placement.resource_provider.cannot_delete_parent",
                        "Unable to delete parent resource provider " + id + ": It has child resource providers.");
            }
            if (!tx.listNative(
                            String.class,
                            "select consumer_id from allocation where provider_id = :id limit 1",
                            Map.of("id", id))
                    .isEmpty()) {
                throw Fault.conflict(
                        "placement.resource_provider.inuse",
                        "Unable to delete resource provider " + id + ": Resource provider has allocations.");
            }
            tx.execute("delete from ProviderRow where id = :id", Map.of("id", id));
        });
    }

    private Set<String> parameters() {
        Set<String> names = new HashSet<>(Set.of("name", "uuid"));
        if (gate.atLeast(3)) {
            names.add("member_of");
        }
        if (gate.atLeast(4)) {
            names.add("resources");
        }
        if (gate.atLeast(14)) {
            names.add("in_tree");
        }
        if (gate.atLeast(18)) {
            names.add("required");
        }
        return names;
    }

    private static Optional<String> parent(JsonNode given) {
        return Optional.ofNullable(given.path("parent_provider_uuid").textValue())
                .map(Ids::canonical);
    }

    private void insert(Transaction tx, String id, String name, Optional<String> parent) {
        ProviderRow row = new ProviderRow();
        row.id = id;
        row.name = name;
        row.parentId = parent.orElse(null);
        row.rootId = parent.map(parentId -> parentRow(tx, "create", row, parentId).rootId)
                .orElse(id);
        row.createdAt = OffsetDateTime.now(Clock.systemUTC());
        row.updatedAt = row.createdAt;
        tx.insert(row);
    }

    /** A root may be put under a parent, with its whole tree; any provider may be moved, with what is below it, since 1.37. */
    private void move(Transaction tx, ProviderRow row, Optional<String> parent) {
        if (Optional.ofNullable(row.parentId).equals(parent)) {
            return;
        }
        if (row.parentId != null && !gate.atLeast(37)) {
            throw unable(
                    "update",
                    row.name,
                    row.id,
                    (parent.isEmpty() ? "un-" : "re-") + "parenting a provider is not currently allowed");
        }
        tx.serialize("resource-provider-trees");
        Set<String> subtree = providers.subtree(tx, row.id);
        String root = parent.map(id -> parentRow(tx, "update", row, id).rootId).orElse(row.id);
        if (parent.filter(subtree::contains).isPresent()) {
            throw unable("update", row.name, row.id, "creating loop in the provider tree is not allowed");
        }
        providers.replant(tx, row.id, root);
        row.parentId = parent.orElse(null);
        row.rootId = root;
    }

    private static ProviderRow parentRow(Transaction tx, String doing, ProviderRow child, String id) {
        return tx.lock(ProviderRow.class, id)
                .orElseThrow(() -> unable(doing, child.name, child.id, "parent provider UUID does not exist"));
    }

    private static FaultException unable(String doing, String name, String id, String why) {
        return Fault.badRequest("Unable to " + doing + " resource provider \"" + name + "\", " + id + ": " + why + ".");
    }

    /** 400 for a resource class or a trait that nobody has defined. */
    private static void requireKnown(Transaction tx, Set<String> classes, Set<String> traits) {
        Known.requireClasses(tx, classes);
        Known.requireTraits(tx, traits);
    }

    private static FaultException duplicate(UniqueViolation e, String id, String name) {
        return e.constraint().equals("resource_provider_name")
                ? Fault.conflict(
                        "placement.duplicate_name", "Conflicting resource provider name: " + name + " already exists.")
                : Fault.conflict(
                        "placement.duplicate_name", "Conflicting resource provider uuid: " + id + " already exists.");
    }
}
