package io.nephos.kit.tenant;

import io.nephos.kit.token.Caller;
import java.util.Map;

/** What projects own in a service; a service has one bean of it. */
public interface ProjectBelongings {
    /** For each kind of resource ("servers") the SQL that yields the owner's id once for each. */
    Map<String, String> owners();

    /** The project was deleted: what is only about it goes, its limits and what others share with it. May be called twice. */
    default void forget(String projectId) {}

    /**
     * Deletes, or asks for the deletion of, everything that the project owns; what refuses is told to {@code purge}, and may
     * go with a later call.
     */
    void purge(Caller administrator, String projectId, Purge purge);
}
