package io.nephos.scheduler.placement;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Placement's query language. 400 says which parameter is wrong, and how. */
public final class Query {
    private static final long LARGEST = Integer.MAX_VALUE;
    private final MultivaluedMap<String, String> parameters;

    private Query(MultivaluedMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /** 400 when there are other parameters than these. */
    public static Query of(UriInfo uri, Set<String> allowed) {
        MultivaluedMap<String, String> parameters = uri.getQueryParameters();
        for (String name : parameters.keySet()) {
            if (!allowed.contains(name)) {
                throw bad("Additional properties are not allowed ('" + name + "' was unexpected)");
            }
        }
        return new Query(parameters);
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.getFirst(name));
    }

    public Optional<String> uuid(String name) {
        return text(name).map(value -> {
            if (!Fields.isUuid(value)) {
                throw bad(name + " '" + value + "' is not a 'uuid'");
            }
            return value;
        });
    }

    public Optional<Integer> limit() {
        return text("limit").map(value -> {
            if (!value.matches("[1-9][0-9]{0,8}")) {
                throw bad("limit '" + value + "' does not match '^[1-9][0-9]*$'");
            }
            return Integer.parseInt(value);
        });
    }

    /** {@code resources=VCPU:4,DISK_GB:64}; empty when the parameter is absent. */
    public SortedMap<String, Long> resources() {
        SortedMap<String, Long> resources = new TreeMap<>();
        Optional<String> given = text("resources");
        if (given.isEmpty()) {
            return resources;
        }
        for (String item : given.get().split(",", -1)) {
            String[] pair = item.split(":", -1);
            if (pair.length != 2 || !pair[0].matches("[A-Z0-9_]+") || !pair[1].matches("[0-9]{1,10}")) {
                throw bad("Badly formed resources parameter. Expected resources query string parameter in form: "
                        + "?resources=VCPU:2,MEMORY_MB:1024. Got: " + given.get() + ".");
            }
            long amount = Long.parseLong(pair[1]);
            if (amount < 1 || amount > LARGEST) {
                throw bad("Requested resource " + pair[0] + " requires an amount from 1 to " + LARGEST + ", got "
                        + amount + ".");
            }
            resources.put(pair[0], amount);
        }
        return resources;
    }

    /** {@code required=A,!B}. */
    public Traits required(boolean forbiddenAllowed) {
        Set<String> required = new HashSet<>();
        Set<String> forbidden = new HashSet<>();
        Optional<String> given = text("required");
        if (given.isPresent()) {
            for (String item : given.get().split(",", -1)) {
                boolean not = forbiddenAllowed && item.startsWith("!");
                String name = not ? item.substring(1) : item;
                if (!name.matches("[A-Z0-9_]{1,255}")) {
                    throw bad("Invalid query string parameters: Expected 'required' parameter value of the form: "
                            + "HW_CPU_X86_VMX,CUSTOM_MAGIC. Got: " + given.get());
                }
                (not ? forbidden : required).add(name);
            }
        }
        Set<String> both = new HashSet<>(required);
        both.retainAll(forbidden);
        if (!both.isEmpty()) {
            throw bad("Conflicting required and forbidden traits found in the following traits keys: required: ("
                    + String.join(", ", both) + ")");
        }
        return new Traits(required, forbidden);
    }

    /** {@code member_of=UUID} or {@code member_of=in:UUID,UUID}, repeated where that is allowed: one of each set. */
    public List<Set<String>> memberOf(boolean repeatable) {
        List<String> given = parameters.getOrDefault("member_of", List.of());
        if (given.size() > 1 && !repeatable) {
            throw bad("member_of may be given once");
        }
        List<Set<String>> all = new ArrayList<>();
        for (String value : given) {
            Set<String> any = new HashSet<>(
                    value.startsWith("in:") ? Arrays.asList(value.substring(3).split(",", -1)) : List.of(value));
            for (String id : any) {
                if (!Fields.isUuid(id)) {
                    throw bad("Expected 'member_of' parameter to contain valid UUID(s). Got: " + value);
                }
            }
            all.add(any);
        }
        return all;
    }

    /** Which traits a provider must and must not have. */
    public record Traits(Set<String> required, Set<String> forbidden) {
        public boolean allow(Set<String> traits) {
            return traits.containsAll(required) && forbidden.stream().noneMatch(traits::contains);
        }

        public Set<String> all() {
            Set<String> all = new HashSet<>(required);
            all.addAll(forbidden);
            return all;
        }
    }

    private static io.nephos.kit.fault.FaultException bad(String message) {
        return Fault.badRequest("placement.query.bad_value", "Invalid query string parameters: " + message);
    }
}
