package io.nephos.scheduler.provider;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Names that a request may only use when somebody has defined them: 400 otherwise. */
public final class Known {
    private Known() {}

    /** {@code message} is said before the names of those that are unknown. */
    public static void requireClasses(Transaction tx, String message, Set<String> names) {
        require(tx, "resource_class", names, message);
    }

    /** Those of the parameter "resources". */
    public static void requireClasses(Transaction tx, Set<String> names) {
        requireClasses(tx, "Invalid resource class in resources parameter: No such resource class ", names);
    }

    public static void requireTraits(Transaction tx, Set<String> names) {
        require(tx, "trait", names, "No such trait(s): ");
    }

    private static void require(Transaction tx, String table, Set<String> names, String message) {
        if (names.isEmpty()) {
            return;
        }
        Set<String> unknown = new TreeSet<>(names);
        // One parameter, however many names there are.
        unknown.removeAll(tx.listNative(
                String.class,
                "select name from " + table + " where name = any(string_to_array(cast(:names as text), ','))",
                Map.of("names", String.join(",", names))));
        if (!unknown.isEmpty()) {
            throw Fault.badRequest(message + String.join(", ", unknown) + ".");
        }
    }
}
