package io.nephos.identity.wire;

import io.nephos.kit.fault.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of a list: by an attribute, and by id where that is the same.
 *
 * @param field of the entity
 */
public record Sort(String field, boolean descending) {
    public static final Sort BY_ID = new Sort("id", false);

    /** From sort_key and sort_dir; {@code fields} are the entity's by the attributes that may be named. 400 for others. */
    public static Sort of(@Nullable String key, @Nullable String direction, Map<String, String> fields) {
        if (key != null && !fields.containsKey(key)) {
            throw Fault.badRequest("Invalid input for field/attribute sort_key: must be one of '"
                    + String.join("', '", fields.keySet().stream().sorted().toList()) + "'.");
        }
        if (direction != null && !direction.equals("asc") && !direction.equals("desc")) {
            throw Fault.badRequest("Invalid input for field/attribute sort_dir: must be one of 'asc', 'desc'.");
        }
        return new Sort(key == null ? "id" : fields.getOrDefault(key, "id"), "desc".equals(direction));
    }
}
