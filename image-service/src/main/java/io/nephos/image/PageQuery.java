package io.nephos.image;

import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** What lists other than that of images are asked for alike: how many, and in which direction. 400 for what cannot be. */
public record PageQuery(MultivaluedMap<String, String> sent) {
    private static final int USUAL_LIMIT = 25;
    private static final int LARGEST_LIMIT = 1000;

    /** The first of that name, unless it is empty. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(sent.getFirst(name)).filter(value -> !value.isEmpty());
    }

    public int limit() {
        return value("limit").map(PageQuery::limit).orElse(USUAL_LIMIT);
    }

    public boolean descending() {
        String direction = value("sort_dir").orElse("desc");
        return switch (direction) {
            case "asc" -> false;
            case "desc" -> true;
            default -> throw Fault.badRequest("Invalid sort direction: " + direction);
        };
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text.strip());
            if (limit < 0) {
                throw Fault.badRequest("limit param must be positive");
            }
            return Math.min(limit, LARGEST_LIMIT);
        } catch (NumberFormatException e) {
            throw Fault.badRequest("limit param must be an integer");
        }
    }
}
