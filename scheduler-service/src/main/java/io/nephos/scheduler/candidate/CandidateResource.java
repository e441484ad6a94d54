package io.nephos.scheduler.candidate;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.candidate.Candidates.Candidate;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Names;
import io.nephos.scheduler.provider.Forest;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderPicture;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Placement API reference, "Allocation candidates". */
@Path("/allocation_candidates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CandidateResource {
    private final Database database;
    private final ProviderPicture providers;
    private final Gate gate;
    private final Answers answers;

    public CandidateResource(Database database, ProviderPicture providers, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.gate = gate;
        this.answers = answers;
    }

    /**
     * @param unknown names that no provider has; they may be defined all the same
     * @param summarized the providers that the answer speaks of, by id
     */
    private record Found(
            Set<String> unknownClasses,
            Set<String> unknownTraits,
            List<Candidate> candidates,
            SortedMap<String, Provider> summarized) {}

    @GET
    public Response list(@Context UriInfo uri) {
        gate.pass(10, "allocation_candidates:list");
        CandidateQuery query = CandidateQuery.of(uri, gate);
        boolean trees = gate.atLeast(29);
        Found found = providers.look(forest -> find(forest, query, trees));
        if (!found.unknownClasses().isEmpty() || !found.unknownTraits().isEmpty()) {
            database.run(tx -> {
                Known.requireClasses(tx, found.unknownClasses());
                Known.requireTraits(tx, found.unknownTraits());
            });
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put(
                "allocation_requests",
                found.candidates().stream().map(this::request).toList());
        Map<String, Object> summaries = new TreeMap<>();
        Set<String> classes = query.resourceClasses();
        found.summarized().forEach((id, provider) -> summaries.put(id, summary(provider, classes)));
        view.put("provider_summaries", summaries);
        return answers.ok(view, Instant.now(Clock.systemUTC()));
    }

    /** With those that give, or with all in their trees. */
    private static Found find(Forest forest, CandidateQuery query, boolean trees) {
        Set<String> classes = new TreeSet<>(query.resourceClasses());
        classes.removeIf(forest::hasClass);
        Set<String> traits = new TreeSet<>(query.traits());
        traits.removeIf(forest::hasTrait);
        List<Candidate> candidates = Candidates.find(forest, query);
        SortedMap<String, Provider> summarized = new TreeMap<>();
        for (Candidate candidate : candidates) {
            for (String id : candidate.allocations().keySet()) {
                if (summarized.containsKey(id)) {
                    continue;
                }
                forest.find(id)
                        .ifPresent(giver -> (trees ? forest.tree(giver.rootId()) : List.of(giver))
                                .forEach(provider -> summarized.put(provider.id(), provider)));
            }
        }
        return new Found(classes, traits, candidates, summarized);
    }

    /** As it is sent back to PUT /allocations: a list before 1.12. */
    private Map<String, Object> request(Candidate candidate) {
        Map<String, Object> request = new LinkedHashMap<>();
        if (gate.atLeast(12)) {
            Map<String, Object> byProvider = new TreeMap<>();
            candidate
                    .allocations()
                    .forEach((provider, resources) -> byProvider.put(provider, Map.of("resources", resources)));
            request.put("allocations", byProvider);
        } else {
            request.put(
                    "allocations",
                    candidate.allocations().entrySet().stream()
                            .map(entry -> Map.of(
                                    "resource_provider", Map.of("uuid", entry.getKey()), "resources", entry.getValue()))
                            .toList());
        }
        if (gate.atLeast(34)) {
            request.put("mappings", candidate.mappings());
        }
        return request;
    }

    private Map<String, Object> summary(Provider provider, Set<String> classes) {
        Map<String, Object> resources = new TreeMap<>();
        provider.inventories().forEach((name, inventory) -> {
            if (gate.atLeast(27) || classes.contains(name)) {
                resources.put(
                        name,
                        Map.of(
                                "capacity",
                                inventory.capacity(),
                                "used",
                                provider.used().getOrDefault(name, 0L)));
            }
        });
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("resources", resources);
        if (gate.atLeast(17)) {
            SortedSet<String> traits = new TreeSet<>(Names.STANDARD_FIRST);
            traits.addAll(provider.traits());
            summary.put("traits", traits);
        }
        if (gate.atLeast(29)) {
            summary.put("parent_provider_uuid", provider.parentId().orElse(null));
            summary.put("root_provider_uuid", provider.rootId());
        }
        return summary;
    }
}
