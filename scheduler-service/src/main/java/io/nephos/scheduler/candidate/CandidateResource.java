package io.nephos.scheduler.candidate;

import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.candidate.Candidates.Candidate;
import io.nephos.scheduler.placement.Answers;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.provider.Known;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Placement API reference, "Allocation candidates", in the form of before 1.25. */
@Path("/allocation_candidates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CandidateResource {
    private static final int MOST = 1000;
    private final Database database;
    private final ProviderStore providers;
    private final Gate gate;
    private final Answers answers;

    public CandidateResource(Database database, ProviderStore providers, Gate gate, Answers answers) {
        this.database = database;
        this.providers = providers;
        this.gate = gate;
        this.answers = answers;
    }

    @GET
    public Response list(@Context UriInfo uri) {
        gate.pass(10, "allocation_candidates:list");
        Query query = Query.of(uri, parameters());
        SortedMap<String, Long> resources = query.resources();
        if (resources.isEmpty()) {
            throw Fault.badRequest(
                    "placement.query.missing_value",
                    "Invalid query string parameters: 'resources' is a required property");
        }
        Query.Traits traits = query.required(gate.atLeast(22));
        List<Set<String>> memberOf = query.memberOf(gate.atLeast(24));
        database.run(tx -> {
            Known.requireClasses(tx, resources.keySet());
            Known.requireTraits(tx, traits.all());
        });
        List<Provider> all = providers.all();
        List<Candidate> found =
                Candidates.find(all, resources, traits, memberOf, query.limit().orElse(MOST));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("allocation_requests", found.stream().map(this::request).toList());
        view.put("provider_summaries", summaries(found, all, resources.keySet()));
        return answers.ok(view, Instant.now(Clock.systemUTC()));
    }

    private Set<String> parameters() {
        Set<String> names = new HashSet<>(Set.of("resources"));
        if (gate.atLeast(16)) {
            names.add("limit");
        }
        if (gate.atLeast(17)) {
            names.add("required");
        }
        if (gate.atLeast(21)) {
            names.add("member_of");
        }
        return names;
    }

    /** As it is sent back to PUT /allocations: a list before 1.12. */
    private Map<String, Object> request(Candidate candidate) {
        if (gate.atLeast(12)) {
            Map<String, Object> byProvider = new TreeMap<>();
            candidate
                    .allocations()
                    .forEach((provider, resources) -> byProvider.put(provider, Map.of("resources", resources)));
            return Map.of("allocations", byProvider);
        }
        return Map.of(
                "allocations",
                candidate.allocations().entrySet().stream()
                        .map(entry -> Map.of(
                                "resource_provider", Map.of("uuid", entry.getKey()), "resources", entry.getValue()))
                        .toList());
    }

    private Map<String, Object> summaries(List<Candidate> found, List<Provider> all, Set<String> classes) {
        Map<String, Provider> byId = all.stream().collect(Collectors.toMap(Provider::id, Function.identity()));
        Map<String, Object> summaries = new TreeMap<>();
        for (Candidate candidate : found) {
            for (String id : candidate.allocations().keySet()) {
                Provider provider = byId.get(id);
                if (provider != null) {
                    summaries.put(id, summary(provider, classes));
                }
            }
        }
        return summaries;
    }

    private Map<String, Object> summary(Provider provider, Set<String> classes) {
        Map<String, Object> resources = new TreeMap<>();
        provider.inventories().forEach((name, inventory) -> {
            if (classes.contains(name)) {
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
            summary.put("traits", new TreeSet<>(provider.traits()));
        }
        return summary;
    }
}
