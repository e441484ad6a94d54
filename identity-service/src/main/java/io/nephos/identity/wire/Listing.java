package io.nephos.identity.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.http.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists of any length in little memory: read a part at a time by keyset, written as they are read. Without a {@code limit}
 * a client gets all, as from Keystone; with one, a link to the next page.
 */
@ApplicationScoped
public class Listing {
    private static final int PART = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Links links;

    @Inject
    public Listing(Links links) {
        this.links = links;
    }

    /**
     * One list.
     *
     * @param read the rows of a page and, when there is one, the row after it, as {@link Selection#page} does
     * @param view of rows that are shown together
     * @param marker what a client sends to get what comes after that row
     */
    public record Source<T>(
            Function<Page, List<T>> read,
            Function<List<T>, ? extends List<? extends JsonNode>> view,
            Function<T, String> marker) {
        private Part<T> part(int limit, Optional<String> after) {
            List<T> rows = read.apply(new Page(limit, after));
            boolean more = rows.size() > limit;
            return new Part<>(more ? rows.subList(0, limit) : rows, more);
        }
    }

    private record Part<T>(List<T> rows, boolean more) {}

    public <T> Response of(String key, Page page, Source<T> source) {
        Part<T> first = source.part(Math.min(page.limit(), PART), page.marker());
        if (!first.more() || page.limit() <= PART) {
            Optional<String> next = first.more()
                    ? Optional.of(source.marker().apply(first.rows().getLast()))
                    : Optional.empty();
            return Response.ok(
                            links.list(key, source.view().apply(first.rows()), next), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        }
        StreamingOutput rest = out -> write(out, key, page.limit(), source, first);
        return Response.ok(rest, MediaType.APPLICATION_JSON_TYPE).build();
    }

    private <T> void write(OutputStream out, String key, int limit, Source<T> source, Part<T> first)
            throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.writeStartObject();
            json.writeArrayFieldStart(key);
            Part<T> part = first;
            int left = limit;
            while (true) {
                for (JsonNode item : source.view().apply(part.rows())) {
                    json.writeTree(item);
                }
                left -= part.rows().size();
                if (!part.more() || left == 0) {
                    break;
                }
                part = source.part(
                        Math.min(left, PART),
                        Optional.of(source.marker().apply(part.rows().getLast())));
            }
            json.writeEndArray();
            json.writeFieldName("links");
            json.writeTree(links.pages(
                    part.more() ? Optional.of(source.marker().apply(part.rows().getLast())) : Optional.empty()));
            json.writeEndObject();
        }
    }
}
