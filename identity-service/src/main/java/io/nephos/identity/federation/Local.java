package io.nephos.identity.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
    private static final String AS_JSON = "JSON:";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
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
            each(node.get("group_ids")).forEach(text -> ids.addAll(listed(text)));
        }
        return ids;
    }

    List<GroupName> groups() {
        List<GroupName> all = new ArrayList<>();
        JsonNode group = node.path("group");
        text(group, "name").ifPresent(name -> all.add(new GroupName(name, owner(group))));
        if (node.has("groups")) {
            each(node.get("groups")).forEach(text -> listed(text).forEach(name -> all.add(group(name))));
        }
        return all;
    }

    /**
     * A name, in the domain that the mapping says, or {@code JSON:{"name": ..., "domain": {...}}}. Where the mapping says a
     * domain, no provider can name another.
     */
    private GroupName group(String said) {
        if (!said.startsWith(AS_JSON)) {
            return new GroupName(said, owner(node));
        }
        JsonNode group = read(said.substring(AS_JSON.length())).orElseThrow(() -> new Broken("A group is not JSON."));
        String name = plain(group, "name").orElseThrow(() -> new Broken("A group has no name."));
        JsonNode domain = group.path("domain");
        Domain its = new Domain(plain(domain, "id"), plain(domain, "name"));
        if (its.id().isEmpty() && its.name().isEmpty()) {
            throw new Broken("A group has no domain.");
        }
        if (domain(node).filter(confined -> !confined.equals(its)).isPresent()) {
            throw new Broken("A group is of another domain than the mapping says.");
        }
        return new GroupName(name, its);
    }

    private static Optional<String> plain(JsonNode of, String name) {
        return of.path(name).isTextual() ? Optional.of(of.path(name).textValue()) : Optional.empty();
    }

    /** The items of a text that is a list of texts, in the quotes of JSON or of Python; else the text itself. */
    private static List<String> listed(String text) {
        if (!text.startsWith("[")) {
            return List.of(text);
        }
        return read(text)
                .filter(list -> list.isArray()
                        && StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isTextual))
                .map(list -> StreamSupport.stream(list.spliterator(), false)
                        .map(JsonNode::textValue)
                        .toList())
                .orElse(List.of(text));
    }

    private static Optional<JsonNode> read(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
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
