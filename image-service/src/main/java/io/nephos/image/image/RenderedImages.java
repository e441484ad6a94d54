package io.nephos.image.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Images as the bytes that a list has of them, kept until they change: most lists are of images that the list before had.
 * At most {@value #MOST_BYTES} bytes, those that were asked for longest ago go first.
 */
@ApplicationScoped
class RenderedImages {
    private static final int MOST_BYTES = 8 << 20;
    private final Locations locations;
    private final ObjectMapper json;
    private final Map<String, Rendered> known = Collections.synchronizedMap(new LinkedHashMap<>(1024, 0.75f, true));
    private int bytes;

    /** Which state of an image it is. An id may be used again, so the generation alone does not say. */
    record Version(String id, long generation, OffsetDateTime updatedAt, String owner) {}

    private record Rendered(Version version, boolean located, byte[] json) {
        String key() {
            return key(version.id(), located);
        }

        static String key(String id, boolean located) {
            return located ? id + "+" : id;
        }
    }

    @Inject
    RenderedImages(Locations locations, ObjectMapper json) {
        this.locations = locations;
        this.json = json;
    }

    /** @param located with where the bytes lie */
    Optional<byte[]> find(Version version, boolean located) {
        Rendered rendered = known.get(Rendered.key(version.id(), located));
        return rendered != null && rendered.version().equals(version) ? Optional.of(rendered.json()) : Optional.empty();
    }

    byte[] render(Image image, boolean located) {
        try {
            byte[] written = json.writeValueAsBytes(locations.show(image, ImageView.of(image), located));
            Version version = new Version(
                    image.id(),
                    image.generation(),
                    image.updatedAt(),
                    image.attributes().owner());
            keep(new Rendered(version, located, written));
            return written;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keep(Rendered rendered) {
        synchronized (known) {
            Rendered before = known.put(rendered.key(), rendered);
            bytes += rendered.json().length - (before == null ? 0 : before.json().length);
            var oldest = known.values().iterator();
            while (bytes > MOST_BYTES && oldest.hasNext()) {
                bytes -= oldest.next().json().length;
                oldest.remove();
            }
        }
    }
}
