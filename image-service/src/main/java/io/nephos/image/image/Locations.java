package io.nephos.image.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.backend.Backends;
import io.nephos.image.backend.WebSource;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where an image's bytes lie, as clients see and change it when {@code nephos.image.show-multiple-locations} is on (Image
 * API v2, "locations"). What a client adds lies on a web server; it was never read here, so its digests are what the client says.
 */
@ApplicationScoped
public class Locations {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WEB = "http";
    private static final int LONGEST_URL = 1024;
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern SHA512 = Pattern.compile("[0-9a-fA-F]{128}");

    private final Backends backends;
    private final WebSource web;
    private final Policy policy;
    private final Bounds bounds;
    private final boolean direct;

    /** @param direct an image says where its first copy lies, for who clones from there */
    @Inject
    public Locations(
            Backends backends,
            WebSource web,
            Policy policy,
            Bounds bounds,
            @ConfigProperty(name = "nephos.image.show-direct-url", defaultValue = "false") boolean direct) {
        this.backends = backends;
        this.web = web;
        this.policy = policy;
        this.bounds = bounds;
        this.direct = direct;
    }

    /** Whether that caller may know where the images of that owner lie. */
    boolean seenBy(Caller caller, String owner) {
        return (direct || backends.locationsShown())
                && policy.allows(
                        "get_image_location", caller, Map.of("project_id", owner, "owner", owner, "tenant_id", owner));
    }

    /**
     * Adds them to an image's view, when they are shown at all.
     *
     * @param seen to who may not see them, the list is empty
     */
    ObjectNode show(Image image, ObjectNode view, boolean seen) {
        if (direct && seen) {
            image.available()
                    .map(content -> content.copies().getFirst())
                    .ifPresent(copy ->
                            view.put("direct_url", backends.of(copy.backend()).url(copy.key())));
        }
        if (backends.locationsShown()) {
            ArrayNode all = view.putArray("locations");
            image.available()
                    .filter(content -> seen)
                    .ifPresent(content -> content.copies().forEach(copy -> {
                        ObjectNode metadata = metadata(copy).put("store", copy.backend());
                        all.addObject()
                                .put("url", backends.of(copy.backend()).url(copy.key()))
                                .set("metadata", metadata);
                    }));
        }
        return view;
    }

    /** How many bytes there are at each address that is new; asked before the image is locked. */
    Map<String, Long> measure(List<ImagePatch.Change> changes, Image image) {
        if (!changes.isEmpty() && !backends.locationsShown()) {
            throw Fault.forbidden("It's not allowed to update locations if locations are invisible.");
        }
        requireRoom(changes, image);
        Map<String, Long> sizes = new HashMap<>();
        for (ImagePatch.Change change : changes) {
            for (JsonNode location : change.value().isArray() ? change.value() : List.of(change.value())) {
                String url = location.path("url").asText();
                if (change.operation() != ImagePatch.Operation.REMOVE
                        && find(image, url).isEmpty()) {
                    if (url.length() > LONGEST_URL) {
                        throw Fault.badRequest("The location is too long, at most " + LONGEST_URL + " characters.");
                    }
                    sizes.put(url, web.size(web.checked(url)));
                }
            }
        }
        return sizes;
    }

    // Each new one is asked for its size: a patch must not make this service knock at thousands of doors.
    private void requireRoom(List<ImagePatch.Change> changes, Image image) {
        int attempted = image.content().map(Content::copies).orElse(List.of()).size();
        for (ImagePatch.Change change : changes) {
            attempted = switch (change.operation()) {
                case ADD -> attempted + 1;
                case REPLACE -> Math.max(attempted, change.value().size());
                case REMOVE -> attempted;
            };
        }
        bounds.requireLocations(attempted);
    }

    /** 400, 403 and 409 as Glance has them. */
    Image apply(ImagePatch.Change change, Image image, Map<String, Long> sizes) {
        return switch (change.operation()) {
            case ADD -> add(change, requireStatus(image, "add", Status.ACTIVE, Status.QUEUED), sizes);
            case REPLACE -> replace(change, requireStatus(image, "replace", Status.ACTIVE, Status.QUEUED), sizes);
            case REMOVE -> remove(change, requireStatus(image, "remove", Status.ACTIVE));
        };
    }

    private Image add(ImagePatch.Change change, Image image, Map<String, Long> sizes) {
        List<Content.Copy> copies =
                new ArrayList<>(image.content().map(Content::copies).orElse(List.of()));
        int position = position(change.position(), copies.size(), copies.size() + 1)
                .orElseThrow(() -> Fault.badRequest("Invalid position for adding a location."));
        JsonNode location = object(change.value());
        String url = location.path("url").asText();
        if (find(image, url).isPresent()) {
            throw Fault.badRequest("The location " + url + " already exists");
        }
        Content known = validated(image, location, sizes.getOrDefault(url, 0L));
        copies.add(position, new Content.Copy(WEB, url, metadata(location)));
        return image.at(known.with(copies));
    }

    private Image replace(ImagePatch.Change change, Image image, Map<String, Long> sizes) {
        if (!change.value().isArray()) {
            throw Fault.badRequest("Provided object does not match schema 'image': 'locations' must be a list.");
        }
        if (change.value().isEmpty()) {
            throw Fault.forbidden("Cannot set locations to empty list.");
        }
        List<Content.Copy> before = image.content().map(Content::copies).orElse(List.of());
        List<Content.Copy> after = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Image now = image;
        for (JsonNode location : change.value()) {
            String url = object(location).path("url").asText();
            Optional<Content.Copy> known = find(image, url);
            if (!seen.add(url) || (!before.isEmpty() && known.isEmpty())) {
                throw Fault.badRequest("Original locations is not empty: only what is said of them can be changed.");
            }
            Content.Copy copy = known.orElse(new Content.Copy(WEB, url));
            after.add(new Content.Copy(copy.backend(), copy.key(), metadata(location)));
            now = now.at(validated(now, location, sizes.getOrDefault(url, 0L)).with(List.copyOf(after)));
        }
        if (!before.isEmpty() && after.size() != before.size()) {
            throw Fault.badRequest("Original locations is not empty: only what is said of them can be changed.");
        }
        return now;
    }

    private Image remove(ImagePatch.Change change, Image image) {
        List<Content.Copy> copies = image.content().orElseThrow().copies();
        if (copies.size() == 1) {
            throw Fault.forbidden("Cannot remove last location in the image.");
        }
        int position = position(change.position(), copies.size() - 1, copies.size())
                .orElseThrow(() -> Fault.badRequest("Invalid position for removing a location."));
        return image.without(copies.get(position));
    }

    /** The bytes as they are known with what is said of this location. */
    private static Content validated(Image image, JsonNode location, long size) {
        Content content = image.content().orElse(new Content(size, Optional.empty(), "", "", List.of()));
        JsonNode said = location.path("validation_data");
        if (said.isMissingNode()) {
            return content;
        }
        String md5 = said.path("checksum").asText("");
        String sha512 = said.path("os_hash_value").asText("");
        String algorithm = said.path("os_hash_algo").asText("");
        boolean same = (md5.isEmpty() || md5.equals(content.md5()))
                && sha512.equals(content.sha512())
                && (algorithm.equals("sha512") || content.sha512().isEmpty());
        if (image.status() != Status.QUEUED && image.content().isPresent()) {
            if (!same) {
                throw Fault.conflict("checksum or os_hash_value is already set with a different value");
            }
            return content;
        }
        if (!algorithm.equals("sha512")) {
            throw Fault.conflict("os_hash_algo must be sha512, not " + algorithm);
        }
        if (!SHA512.matcher(sha512).matches()
                || !(md5.isEmpty() || MD5.matcher(md5).matches())) {
            throw Fault.conflict("checksum or os_hash_value is not a valid hexadecimal value of its size");
        }
        return new Content(content.size(), content.virtualSize(), md5, sha512, content.copies());
    }

    private Optional<Content.Copy> find(Image image, String url) {
        return image.content().stream()
                .flatMap(content -> content.copies().stream())
                .filter(copy -> backends.of(copy.backend()).url(copy.key()).equals(url))
                .findFirst();
    }

    private static Image requireStatus(Image image, String verb, Status... allowed) {
        if (!List.of(allowed).contains(image.status())) {
            throw Fault.conflict("It's not allowed to " + verb + " locations if image status is "
                    + image.status().wire() + ".");
        }
        if (image.attributes().diskFormat().isEmpty()
                || image.attributes().containerFormat().isEmpty()) {
            throw Fault.badRequest("Properties disk_format and container_format must be set prior to saving data.");
        }
        return image;
    }

    private static Optional<Integer> position(String text, int last, int end) {
        if (text.equals("-")) {
            return Optional.of(last);
        }
        boolean number = !text.isEmpty() && text.length() < 7 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Integer.parseInt(text)).filter(position -> position < end) : Optional.empty();
    }

    private static JsonNode object(JsonNode location) {
        if (!location.isObject() || !location.path("url").isTextual()) {
            throw mismatch();
        }
        return location;
    }

    private static String metadata(JsonNode location) {
        JsonNode metadata = location.path("metadata");
        if (!metadata.isObject()) {
            throw mismatch();
        }
        String text = metadata.toString();
        if (text.contains("\\u0000") || text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)) {
            throw mismatch();
        }
        return text;
    }

    private static ObjectNode metadata(Content.Copy copy) {
        if (copy.metadata() == null) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            return (ObjectNode) JSON.readTree(copy.metadata());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A copy's row holds what is not its JSON", e);
        }
    }

    private static FaultException mismatch() {
        return Fault.badRequest(
                "Provided object does not match schema 'image': a location has an 'url' and an object 'metadata'.");
    }
}
