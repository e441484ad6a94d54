package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.identity.federation.Mapping.Broken;
import io.nephos.identity.federation.Mapping.Domain;
import io.nephos.identity.federation.Mapping.GroupName;
import io.nephos.identity.federation.Mapping.Project;
import io.nephos.identity.federation.Mapping.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * One object of a rule's local part, with the values for its placeholders. Pure.
 *
 * @param values of the remote entries, in their order; each may be several
 */
record Local(JsonNode node, List<List<String>> values) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d+)}");

    Optional<User> user() {
        JsonNode user = node.path("user");
        return user.isObject()
                ? Optional.of(new User(
                        text(user, "id"),
                        text(user, "name"),
                        text(user, "email"),
                        domain(user),
                        user.path("type").asText("ephemeral").equals("local")))
                : Optional.empty();
    }

    List<String> groupIds() {
        List<String> ids = new ArrayList<>();
        text(node.path("group"), "id").ifPresent(ids::add);
        if (node.has("group_ids")) {
            ids.addAll(each(node.get("group_ids")));
        }
        return ids;
    }

    List<GroupName> groups() {
        List<GroupName> all = new ArrayList<>();
        JsonNode group = node.path("group");
        text(group, "name").ifPresent(name -> all.add(new GroupName(name, owner(group))));
        if (node.has("groups")) {
            each(node.get("groups")).forEach(name -> all.add(new GroupName(name, owner(node))));
        }
        return all;
    }

    List<Project> projects() {
        return StreamSupport.stream(node.path("projects").spliterator(), false)
                .map(project -> new Project(
                        text(project, "name").orElseThrow(() -> new Broken("A project of the mapping has no name.")),
                        domain(project),
                        StreamSupport.stream(project.path("roles").spliterator(), false)
                                .flatMap(role -> text(role, "name").stream())
                                .toList()))
                .toList();
    }

    private Domain owner(JsonNode of) {
        return domain(of).orElseThrow(() -> new Broken("Groups of a mapping need a domain."));
    }

    private Optional<Domain> domain(JsonNode of) {
        JsonNode domain = of.path("domain");
        return domain.isObject() ? Optional.of(new Domain(text(domain, "id"), text(domain, "name"))) : Optional.empty();
    }

    private Optional<String> text(JsonNode of, String name) {
        JsonNode template = of.path(name);
        return template.isTextual() ? Optional.of(String.join(";", filled(template.textValue()))) : Optional.empty();
    }

    /** A list, or a text that stands for each of several values. */
    private List<String> each(JsonNode template) {
        return template.isArray()
                ? StreamSupport.stream(template.spliterator(), false)
                        .flatMap(item -> filled(item.asText()).stream())
                        .toList()
                : filled(template.asText());
    }

    /** One text for each value of the first placeholder that has not exactly one. */
    private List<String> filled(String template) {
        if (values.isEmpty()) {
            return List.of(template);
        }
        List<String> done = List.of("");
        Matcher matcher = PLACEHOLDER.matcher(template);
        int end = 0;
        while (matcher.find()) {
            String before = template.substring(end, matcher.start());
            List<String> fill = valuesOf(matcher.group(1));
            done = done.stream()
                    .flatMap(text -> fill.stream().map(value -> text + before + value))
                    .toList();
            end = matcher.end();
        }
        String rest = template.substring(end);
        return done.stream().map(text -> text + rest).toList();
    }

    private List<String> valuesOf(String index) {
        int at = index.length() < 4 ? Integer.parseInt(index) : Integer.MAX_VALUE;
        if (at >= values.size()) {
            throw new Broken("The mapping refers to {" + index + "}, for which no remote entry gives a value.");
        }
        return values.get(at);
    }
}
