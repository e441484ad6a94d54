package io.nephos.identity.project;

import io.nephos.identity.wire.Attributes;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a request says of a project or a domain, laid over its row. 400 names the field. */
public final class ProjectRequests {
    private static final int MAX_TAGS = 80;
    private static final Set<String> KNOWN = Set.of(
            "id",
            "name",
            "domain_id",
            "parent_id",
            "is_domain",
            "description",
            "enabled",
            "tags",
            "options",
            "links",
            "explicit_domain_id");

    private ProjectRequests() {}

    public static void apply(ProjectRow row, Fields fields, boolean fresh) {
        if (fresh || fields.has("name")) {
            row.name = name(fields.text("name", 1, 64), fields);
        }
        if (fresh || fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse("");
        }
        row.enabled = fields.flag("enabled", fresh || row.enabled);
        if (fields.has("tags")) {
            row.tags = Attributes.ofTexts(tags(fields.texts("tags", 1, 255)));
        }
        row.options = Attributes.options(row.options, fields, Set.of("immutable"));
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    /** Distinct tags by Keystone's rules: at most 80, none with a slash or a comma. */
    public static List<String> tags(List<String> tags) {
        tags.forEach(ProjectRequests::tag);
        if (tags.size() > MAX_TAGS) {
            throw Fault.badRequest("A project can have at most " + MAX_TAGS + " tags.");
        }
        if (new HashSet<>(tags).size() != tags.size()) {
            throw Fault.badRequest("Invalid input for field/attribute tags: the tags are not unique.");
        }
        return tags;
    }

    public static String tag(String tag) {
        if (tag.isEmpty() || tag.length() > 255 || tag.contains("/") || tag.contains(",")) {
            throw Fault.badRequest(
                    "Invalid input for field/attribute tags: a tag has 1 to 255 characters, none of them a slash or a comma.");
        }
        return tag;
    }

    private static String name(String name, Fields fields) {
        if (name.isBlank()) {
            throw fields.invalid("name", "must not be blank.");
        }
        return name;
    }
}
