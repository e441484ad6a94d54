package io.nephos.network.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import java.util.List;

/**
 * What a kind of resource can do for {@link Crud}; each method refuses what the caller may not.
 *
 * @param <R> the entity
 */
public interface Noun<R> {
    /** HQL on {@code r} with {@code :caller}, the project: what others than administrators see in a list. */
    default String visibleInLists() {
        return "r.projectId = :caller";
    }

    /** 404 when it is not there for the caller. */
    R visible(Transaction tx, Caller caller, String id);

    R create(Transaction tx, Caller caller, Fields body);

    void delete(Transaction tx, Caller caller, String id);

    /** As the caller sees them, in their order. */
    List<ObjectNode> views(Transaction tx, Caller caller, List<R> rows);
}
