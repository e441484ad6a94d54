package io.nephos.image.image;

import io.nephos.image.image.RenderedImages.Version;
import io.nephos.kit.data.Database;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A page of images as JSON. The database says which images and in which state; only those that have changed since they
 * were last listed are read whole.
 */
@ApplicationScoped
class ImageList {
    private final ImageStore images;
    private final RenderedImages rendered;
    private final Locations locations;
    private final Database database;

    @Inject
    ImageList(ImageStore images, RenderedImages rendered, Locations locations, Database database) {
        this.images = images;
        this.rendered = rendered;
        this.locations = locations;
        this.database = database;
    }

    /**
     * {@code {"images": [...], "first": ..., "next": ..., "schema": ...}}. 400 for a marker that the caller does not see.
     *
     * @param link the address of the page behind that marker, or of the first one
     */
    byte[] page(ImageQuery query, Caller caller, Function<Optional<String>, String> link) {
        List<Version> found = images.list(query, caller);
        boolean more = found.size() > query.limit();
        List<Version> page = more ? found.subList(0, query.limit()) : found;
        Map<String, byte[]> written = write(page, caller);
        if (images.hidesSome()) {
            written.keySet().retainAll(images.visibleAmong(written.keySet(), caller));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024 * (page.size() + 1));
        text(out, "{\"images\":[");
        boolean first = true;
        for (Version version : page) {
            byte[] image = written.get(version.id());
            if (image != null) {
                text(out, first ? "" : ",");
                out.writeBytes(image);
                first = false;
            }
        }
        text(out, "],\"first\":\"" + link.apply(Optional.empty()) + "\"");
        if (more && !page.isEmpty()) {
            text(out, ",\"next\":\"" + link.apply(Optional.of(page.getLast().id())) + "\"");
        }
        text(out, ",\"schema\":\"/v2/schemas/images\"}");
        return out.toByteArray();
    }

    /** By their ids; one that was deleted meanwhile is not there. */
    private Map<String, byte[]> write(List<Version> page, Caller caller) {
        Map<String, byte[]> written = HashMap.newHashMap(page.size());
        Map<String, Boolean> located = new HashMap<>();
        Predicate<String> seen = owner -> located.computeIfAbsent(owner, each -> locations.seenBy(caller, each));
        page.forEach(version ->
                rendered.find(version, seen.test(version.owner())).ifPresent(json -> written.put(version.id(), json)));
        if (written.size() < page.size()) {
            String[] missing = page.stream()
                    .map(Version::id)
                    .filter(id -> !written.containsKey(id))
                    .toArray(String[]::new);
            database.rows(
                            "select " + ImageRow.COLUMNS + " from image where id = any($1) and status <> 'deleted'",
                            (Object) missing)
                    .forEach(row -> {
                        Image image = ImageRow.of(row).toImage();
                        boolean shown = seen.test(image.attributes().owner());
                        written.put(image.id(), rendered.render(image, shown));
                    });
        }
        return written;
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
