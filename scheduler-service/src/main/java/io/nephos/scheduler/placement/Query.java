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
import java.util.function.UnaryOperator;

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
    public static Query of(UriInfo uri, Gate gate, Set<String> allowed) {
        return of(uri, gate, allowed::contains, name -> "");
    }

    /** 400 when there are other parameters than those allowed, with the hint for the first of them. */
    public static Query of(UriInfo uri, Gate gate, Predicate<String> allowed, UnaryOperator<String> hint) {
        MultivaluedMap<String, String> parameters = uri.getQueryParameters();
        for (String name : parameters.keySet()) {
            if (!allowed.test(name)) {
                throw bad("Additional properties are not allowed ('" + name + "' was unexpected)" + hint.apply(name));
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

    /** One character to 255. */
    public Optional<String> sized(String name) {
        return text(name).map(value -> {
            if (value.isEmpty() || value.length() > 255) {
                throw bad("'" + value + "' is too " + (value.isEmpty() ? "short" : "long") + ". Failed validating '"
                        + (value.isEmpty() ? "minLength" : "maxLength") + "' in schema of " + name + ".");
            }
            return value;
        });
    }

    public List<String> texts(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    public Optional<String> uuid(String name) {
        return text(name).map(value -> {
            if (!Fields.isUuid(value)) {
                throw bad("'" + value + "' is not a 'uuid'. Expected '" + name + "' parameter to be a format of uuid.");
            }
            return Ids.canonical(value);
        });
    }

    public Optional<Integer> limit() {
        return text("limit").map(value -> {
            if (!value.matches("[1-9][0-9]*")) {
                throw bad("'" + value
                        + "' does not match '^[1-9][0-9]*$'. Failed validating 'pattern' in schema of limit.");
            }
            return value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value);
        });
    }

    /** {@code resources=VCPU:4,DISK_GB:64}; empty when the parameter is absent. */
    public SortedMap<String, Long> resources(String parameter) {
        SortedMap<String, Long> resources = new TreeMap<>();
        Optional<String> given = text(parameter);
        if (given.isEmpty()) {
            return resources;
        }
        if (given.get().isBlank()) {
            throw badResources("empty string");
        }
        for (String item : given.get().split(",", -1)) {
            String[] pair = item.split(":", -1);
            if (pair.length != 2) {
                throw badResources(item);
            }
            String amount = pair[1].strip();
            if (!amount.matches("[+-]?[0-9]{1,18}")) {
                throw bad("Requested resource " + pair[0] + " expected positive integer amount. Got: " + amount + ".");
            }
            long wanted = Long.parseLong(amount);
            if (wanted < 1) {
                throw bad("Requested resource " + pair[0] + " requires amount >= 1. Got: " + wanted + ".");
            }
            // More than any inventory can have, and never so much that two of them overflow.
            resources.put(pair[0], Math.min(wanted, LARGEST + 1));
        }
        return resources;
    }

    private static FaultException badResources(String got) {
        return bad("Badly formed resources parameter. Expected resources query string parameter in form: "
                + "?resources=VCPU:2,MEMORY_MB:1024. Got: " + got + ".");
    }

    /** {@code required=A,!B}, since 1.39 repeated and with {@code in:A,B}. */
    public TraitRule required(String parameter) {
        // Before 1.39 a repetition is read over: the last one counts.
        List<String> all = texts(parameter);
        List<String> given = gate.atLeast(39) || all.isEmpty() ? all : List.of(all.getLast());
        List<Set<String>> anyOf = new ArrayList<>();
        Set<String> none = new HashSet<>();
        for (String value : given) {
            if (value.startsWith("in:")) {
                anyOf.add(anyTrait(value));
                continue;
            }
            for (String item : value.split(",", -1)) {
                String name = item.strip();
                boolean not = name.startsWith("!");
                if (not && !gate.atLeast(22) || name.isEmpty() || name.equals("!")) {
                    throw bad("Expected 'required' parameter value of the form: HW_CPU_X86_VMX,"
                            + (gate.atLeast(22) ? "!" : "") + "CUSTOM_MAGIC. Got: " + value);
                }
                if (not) {
                    none.add(name.substring(1));
                } else {
                    anyOf.add(Set.of(name));
                }
            }
        }
        return new TraitRule(anyOf, none);
    }

    private Set<String> anyTrait(String value) {
        String form = "The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' ";
        if (!gate.atLeast(39)) {
            throw bad(form + "only supported since microversion 1.39. Got: " + value);
        }
        Set<String> names = new HashSet<>();
        for (String item : value.substring(3).split(",", -1)) {
            String name = item.strip();
            if (name.startsWith("!")) {
                throw bad(form + "does not support forbidden traits. Got: " + value);
            }
            if (name.isEmpty()) {
                throw bad(
                        "Expected 'required' parameter value of the form: in:HW_CPU_X86_VMX,CUSTOM_MAGIC. Got an empty"
                                + " trait in: " + value);
            }
            names.add(name);
        }
        return names;
    }

    /** {@code member_of=UUID} or {@code in:UUID,UUID}, since 1.24 repeated, since 1.32 with {@code !} before it. */
    public AggregateRule memberOf(String parameter) {
        List<String> given = texts(parameter);
        if (given.size() > 1 && !gate.atLeast(24)) {
            throw bad("Multiple member_of parameters are not supported");
        }
        List<Set<String>> anyOf = new ArrayList<>();
        Set<String> none = new HashSet<>();
        for (String value : given) {
            boolean not = value.startsWith("!");
            if (not && !gate.atLeast(32)) {
                throw bad("Forbidden member_of parameters are not supported in the specified microversion");
            }
            String rest = not ? value.substring(1) : value;
            Set<String> ids =
                    new HashSet<>(List.of((rest.startsWith("in:") ? rest.substring(3) : rest).split(",", -1)));
            if (ids.size() > 1 && !rest.startsWith("in:")) {
                throw bad("Multiple values for '" + parameter
                        + "' must be prefixed with the 'in:' or '!in:' keyword using the valid microversion.");
            }
            if (!ids.stream().allMatch(Fields::isUuid)) {
                throw bad("Expected '" + parameter + "' parameter to contain valid UUID(s). Got: " + value);
            }
            if (not) {
                ids.forEach(id -> none.add(Ids.canonical(id)));
            } else {
                Set<String> canonical = new HashSet<>();
                ids.forEach(id -> canonical.add(Ids.canonical(id)));
                anyOf.add(canonical);
            }
        }
        return new AggregateRule(anyOf, none);
    }

    /** A parameter that cannot be read; Placement has no code for that. */
    public static FaultException bad(String message) {
        return Fault.badRequest("Invalid query string parameters: " + message);
    }

    /** Parameters that contradict each other. */
    public static FaultException badValue(String message) {
        return Fault.badRequest("placement.query.bad_value", message);
    }

    public static FaultException missing(String message) {
        return Fault.badRequest("placement.query.missing_value", message);
    }
}
