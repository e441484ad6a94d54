package io.nephos.identity.project;

import io.nephos.identity.wire.Attributes;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filters tags, tags-any, not-tags and not-tags-any of the list of projects. */
public record TagFilter(
        Optional<List<String>> all,
        Optional<List<String>> any,
        Optional<List<String>> notAll,
        Optional<List<String>> notAny) {
    static TagFilter of(MultivaluedMap<String, String> query) {
        return new TagFilter(
                tags(query, "tags"), tags(query, "tags-any"), tags(query, "not-tags"), tags(query, "not-tags-any"));
    }

    boolean fits(ProjectRow row) {
        Set<String> has = Set.copyOf(Attributes.texts(row.tags));
        return all.map(has::containsAll).orElse(true)
                && any.map(wanted -> wanted.stream().anyMatch(has::contains)).orElse(true)
                && notAll.map(wanted -> !has.containsAll(wanted)).orElse(true)
                && notAny.map(wanted -> wanted.stream().noneMatch(has::contains))
                        .orElse(true);
    }

    private static Optional<List<String>> tags(MultivaluedMap<String, String> query, String name) {
        return Optional.ofNullable(query.getFirst(name)).map(text -> List.of(text.split(",")));
    }
}
