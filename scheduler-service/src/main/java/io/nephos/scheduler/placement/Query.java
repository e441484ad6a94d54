package io.nephos.scheduler.placement;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Placement's query language. 400 says which parameter is wrong, and how. */
public final class Query {
    private static final long LARGEST = Integer.MAX_VALUE;
    private final MultivaluedMap<String, String> parameters;
    private final Gate gate;

    private Query(MultivaluedMap<String, String> parameters, Gate gate) {
        this.parameters = parameters;
        this.gate = gate;
    }

    /** 400 when there are other parameters than these. */
    public static Query of(UriInfo uri, Gate gate, Predicate<String> allowed) {
        MultivaluedMap<String, String> parameters = uri.getQueryParameters();
        for (String name : parameters.keySet()) {
            if (!allowed.test(name)) {
                throw bad("Additional properties are not allowed ('" + name + "' was unexpected)");
            }
        }
        return new Query(parameters, gate);
    }

    public Set<String> names() {
        return parameters.keySet();
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.getFirst(name));
    }

    public List<String> texts(String name) {
        return parameters.getOrDefault(name, List.of());
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
    public SortedMap<String, Long> resources(String parameter) {
        SortedMap<String, Long> resources = new TreeMap<>();
        Optional<String> given = text(parameter);
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

    /** {@code required=A,!B}, since 1.39 repeated and with {@code in:A,B}. */
    public TraitRule required(String parameter) {
        List<String> given = texts(parameter);
        if (given.size() > 1 && !gate.atLeast(39)) {
            throw bad(parameter + " may be given once");
        }
        List<Set<String>> anyOf = new ArrayList<>();
        Set<String> none = new HashSet<>();
        for (String value : given) {
            if (gate.atLeast(39) && value.startsWith("in:")) {
                anyOf.add(Set.copyOf(traits(parameter, value, value.substring(3))));
                continue;
            }
            for (String item : value.split(",", -1)) {
                boolean not = gate.atLeast(22) && item.startsWith("!");
                String name = traits(parameter, value, not ? item.substring(1) : item)
                        .iterator()
                        .next();
                if (not) {
                    none.add(name);
                } else {
                    anyOf.add(Set.of(name));
                }
            }
        }
        for (Set<String> one : anyOf) {
            if (none.containsAll(one)) {
                throw bad("Conflicting required and forbidden traits found in the following traits keys: " + parameter
                        + ": (" + String.join(", ", one) + ")");
            }
        }
        return new TraitRule(anyOf, none);
    }

    private static Set<String> traits(String parameter, String value, String list) {
        Set<String> names = new HashSet<>();
        for (String name : list.split(",", -1)) {
            if (!name.matches("[A-Z0-9_]{1,255}")) {
                throw bad("Expected '" + parameter
                        + "' parameter value of the form: HW_CPU_X86_VMX,!CUSTOM_MAGIC. Got: " + value);
            }
            names.add(name);
        }
        return names;
    }

    /** {@code member_of=UUID} or {@code in:UUID,UUID}, since 1.24 repeated, since 1.32 with {@code !} before it. */
    public AggregateRule memberOf(String parameter) {
        List<String> given = texts(parameter);
        if (given.size() > 1 && !gate.atLeast(24)) {
            throw bad(parameter + " may be given once");
        }
        List<Set<String>> anyOf = new ArrayList<>();
        Set<String> none = new HashSet<>();
        for (String value : given) {
            boolean not = gate.atLeast(32) && value.startsWith("!");
            String rest = not ? value.substring(1) : value;
            Set<String> ids =
                    new HashSet<>(List.of((rest.startsWith("in:") ? rest.substring(3) : rest).split(",", -1)));
            boolean wellFormed = ids.stream().allMatch(Fields::isUuid) && (ids.size() == 1 || rest.startsWith("in:"));
            if (!wellFormed) {
                throw bad("Expected '" + parameter + "' parameter to contain valid UUID(s). Got: " + value);
            }
            if (not) {
                none.addAll(ids);
            } else {
                anyOf.add(ids);
            }
        }
        return new AggregateRule(anyOf, none);
    }

    public static FaultException bad(String message) {
        return Fault.badRequest("placement.query.bad_value", "Invalid query string parameters: " + message);
    }

    public static FaultException missing(String message) {
        return Fault.badRequest("placement.query.missing_value", message);
    }
}
