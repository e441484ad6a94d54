package io.nephos.scheduler.candidate;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.placement.TraitRule;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What allocation candidates are asked for.
 *
 * @param groups the one without suffix first, if it is there
 * @param isolate groups with a suffix must come from different providers
 * @param sameSubtrees suffixes of groups, one of whose providers must be an ancestor of the others
 * @param root what the root of the tree must be
 * @param nested several providers of one tree may give what is asked (1.29)
 */
record CandidateQuery(
        List<RequestGroup> groups,
        boolean isolate,
        List<Set<String>> sameSubtrees,
        TraitRule root,
        boolean nested,
        int limit) {
    /** More than anyone reads; keeps the answer to an open question finite. */
    private static final int MOST = 10_000;

    private static final String KEYS = "(resources|required|member_of|in_tree)";
    private static final Pattern NONE = Pattern.compile(KEYS + "()");
    private static final Pattern NUMBERS = Pattern.compile(KEYS + "(|[1-9][0-9]*)");
    private static final Pattern WORDS = Pattern.compile(KEYS + "(|[a-zA-Z0-9_-]{1,64})");

    static CandidateQuery of(UriInfo uri, Gate gate) {
        Pattern grouped = gate.atLeast(33) ? WORDS : gate.atLeast(25) ? NUMBERS : NONE;
        Query query = Query.of(
                uri,
                gate,
                name -> allowed(name, grouped, gate),
                name -> gate.atLeast(25) ? ": '" + name + "' does not match any of the regexes: " + forms(gate) : "");
        SortedSet<String> suffixes = new TreeSet<>();
        for (String name : query.names()) {
            Matcher matcher = grouped.matcher(name);
            if (matcher.matches() && !name.equals("root_required")) {
                suffixes.add(matcher.group(2));
            }
        }
        List<Set<String>> subtrees = query.texts("same_subtree").stream()
                .<Set<String>>map(text -> new TreeSet<>(List.of(text.strip().split("\\s*,\\s*", -1))))
                .toList();
        List<RequestGroup> groups =
                suffixes.stream().map(suffix -> group(query, suffix)).toList();
        requireWhole(groups, subtrees, gate);
        return new CandidateQuery(
                groups,
                isolate(query, groups),
                subtrees,
                root(query),
                gate.atLeast(29),
                query.limit().orElse(MOST));
    }

    private static boolean allowed(String name, Pattern grouped, Gate gate) {
        Matcher matcher = grouped.matcher(name);
        return switch (name) {
            case "limit" -> gate.atLeast(16);
            case "group_policy" -> gate.atLeast(25);
            case "root_required" -> gate.atLeast(35);
            case "same_subtree" -> gate.atLeast(36);
            default ->
                matcher.matches()
                        && switch (matcher.group(1)) {
                            case "resources" -> true;
                            case "required" -> gate.atLeast(17);
                            case "member_of" -> gate.atLeast(21);
                            default -> gate.atLeast(31);
                        };
        };
    }

    /** Of the parameters of a group, as this version has them. */
    private static String forms(Gate gate) {
        String suffix = gate.atLeast(33) ? "([a-zA-Z0-9_-]{1,64})?" : "([1-9][0-9]*)?";
        return Stream.of("in_tree", "member_of", "required", "resources")
                .filter(key -> gate.atLeast(31) || !key.equals("in_tree"))
                .map(key -> "'^" + key + suffix + "$'")
                .collect(Collectors.joining(", "));
    }

    private static RequestGroup group(Query query, String suffix) {
        return new RequestGroup(
                suffix,
                query.resources("resources" + suffix),
                consistent(
                        "the following traits keys: required" + suffix + ": ",
                        query.required("required" + suffix),
                        Query::bad),
                query.memberOf("member_of" + suffix),
                query.uuid("in_tree" + suffix));
    }

    private static TraitRule consistent(String key, TraitRule rule, Function<String, FaultException> fault) {
        for (Set<String> anyOf : rule.anyOf()) {
            if (rule.none().containsAll(anyOf)) {
                throw fault.apply("Conflicting required and forbidden traits found in " + key
                        + String.join(", ", new TreeSet<>(anyOf)));
            }
        }
        return rule;
    }

    private static void requireWhole(List<RequestGroup> groups, List<Set<String>> subtrees, Gate gate) {
        Set<String> related = new HashSet<>();
        subtrees.forEach(related::addAll);
        if (related.contains("")) {
            throw Query.badValue("Empty string (unsuffixed group) can not be specified in `same_subtree` ");
        }
        boolean some = groups.stream().anyMatch(group -> !group.resources().isEmpty());
        if (gate.atLeast(36) && !some) {
            throw Query.missing("There must be at least one resources or resources[$S] parameter.");
        }
        List<RequestGroup> bare = groups.stream()
                .filter(group -> group.resources().isEmpty())
                .filter(group -> !gate.atLeast(36) || !group.fromOneProvider() || !related.contains(group.suffix()))
                .toList();
        if (gate.atLeast(36)) {
            refuse(
                    bare,
                    "",
                    "Resourceless suffixed group request should be specified in `same_subtree` query param: bad"
                            + " group(s) - ",
                    Query::badValue);
        }
        refuse(
                bare.stream().filter(group -> !group.traits().anyOf().isEmpty()).toList(),
                "required",
                "All traits parameters must be associated with resources. Found the following orphaned traits keys: ",
                Query::bad);
        refuse(
                bare.stream()
                        .filter(group -> !group.aggregates().equals(AggregateRule.ANY))
                        .toList(),
                "member_of",
                "All member_of parameters must be associated with resources. Found the following orphaned member_of"
                        + " keys: ",
                Query::bad);
        refuse(bare, "", "All request groups must specify resources. There are none for the suffixes ", Query::bad);
        if (!some) {
            throw Fault.badRequest(
                    gate.atLeast(25)
                            ? "At least one request group (`resources` or `resources{$S}`) is required."
                            : "Invalid query string parameters: 'resources' is a required property.");
        }
        Set<String> known = new HashSet<>();
        groups.forEach(group -> known.add(group.suffix()));
        related.removeAll(known);
        if (!related.isEmpty()) {
            throw Query.badValue("Real suffixes should be specified in `same_subtree`: "
                    + String.join(", ", new TreeSet<>(related)) + " not found in [" + String.join(", ", known) + "].");
        }
    }

    private static void refuse(
            List<RequestGroup> groups, String key, String message, Function<String, FaultException> fault) {
        if (!groups.isEmpty()) {
            throw fault.apply(message
                    + String.join(
                            ", ",
                            groups.stream().map(group -> key + group.suffix()).toList()));
        }
    }

    private static boolean isolate(Query query, List<RequestGroup> groups) {
        String policy = query.text("group_policy").orElse("");
        if (!Set.of("", "none", "isolate").contains(policy)) {
            throw Query.bad("group_policy '" + policy + "' is not one of ['none', 'isolate']");
        }
        long several = groups.stream().filter(RequestGroup::fromOneProvider).count();
        if (several > 1 && policy.isEmpty()) {
            throw Fault.badRequest(
                    "The \"group_policy\" parameter is required when specifying more than one \"resources{N}\" parameter.");
        }
        return policy.equals("isolate");
    }

    private static TraitRule root(Query query) {
        if (query.texts("root_required").size() > 1) {
            throw Fault.badRequest(
                    "placement.query.duplicate_key", "Query parameter 'root_required' may be specified only once.");
        }
        if (query.text("root_required").filter(text -> text.startsWith("in:")).isPresent()) {
            throw Query.bad("root_required takes no 'in:'");
        }
        return consistent("root_required: ", query.required("root_required"), Query::badValue);
    }

    /** All resource classes that are asked for. */
    Set<String> resourceClasses() {
        Set<String> classes = new TreeSet<>();
        groups.forEach(group -> classes.addAll(group.resources().keySet()));
        return classes;
    }

    Set<String> traits() {
        Set<String> traits = new TreeSet<>(root.names());
        groups.forEach(group -> traits.addAll(group.traits().names()));
        return traits;
    }
}
