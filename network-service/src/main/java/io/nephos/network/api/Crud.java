package io.nephos.network.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The five operations that every collection of the Networking API has, in one transaction each: list, create (also in bulk),
 * show, update, delete.
 *
 * @param <R> the entity
 */
public final class Crud<R> {
    private final Factory with;
    private final String singular;
    private final String plural;
    private final Class<R> entity;
    private final Map<String, Listing.Column> columns;
    private final Noun<R> noun;

    private Crud(
            Factory with,
            String singular,
            String plural,
            Class<R> entity,
            Map<String, Listing.Column> columns,
            Noun<R> noun) {
        this.with = with;
        this.singular = singular;
        this.plural = plural;
        this.entity = entity;
        this.columns = columns;
        this.noun = noun;
    }

    public ObjectNode list(UriInfo uri) {
        return list(uri, (listing, query) -> {});
    }

    /**
     * @param narrow adds the conditions of filters that are not columns
     */
    public ObjectNode list(UriInfo uri, BiConsumer<Listing<R>, Query> narrow) {
        Caller caller = with.request.caller();
        Query query = new Query(uri);
        Listing<R> listing = new Listing<>(entity, columns, query);
        if (!with.access.admin(caller)) {
            listing.where(noun.visibleInLists(), Map.of("caller", caller.project()));
        }
        narrow.accept(listing, query);
        return with.database.read(tx -> {
            Listing.Slice<R> slice = listing.fetch(tx);
            return query.page(plural, noun.views(tx, caller, slice.rows()), slice.more());
        });
    }

    public ObjectNode create(JsonNode body) {
        Caller caller = with.request.caller();
        return Bulk.create(
                body,
                singular,
                plural,
                all -> Attributes.write(
                        with.database,
                        tx -> noun.views(
                                tx,
                                caller,
                                all.stream()
                                        .map(one -> noun.create(tx, caller, one))
                                        .toList())));
    }

    public ObjectNode show(String id, UriInfo uri) {
        Caller caller = with.request.caller();
        return with.database.read(tx ->
                Bulk.one(singular, new Query(uri).select(view(tx, caller, noun.visible(tx, caller, id)))));
    }

    public ObjectNode update(String id, JsonNode body, Update<R> update) {
        Caller caller = with.request.caller();
        Fields fields = Fields.of(body, singular);
        return Attributes.write(
                with.database, tx -> Bulk.one(singular, view(tx, caller, update.apply(tx, caller, id, fields))));
    }

    public void delete(String id) {
        Attributes.write(with.database, tx -> {
            noun.delete(tx, with.request.caller(), id);
            return true;
        });
    }

    private ObjectNode view(Transaction tx, Caller caller, R row) {
        return noun.views(tx, caller, List.of(row)).getFirst();
    }

    /** A change of one resource. */
    public interface Update<R> {
        R apply(Transaction tx, Caller caller, String id, Fields body);
    }

    /** Makes the collections; what they all work with. */
    @ApplicationScoped
    public static class Factory {
        private final Database database;
        private final Access access;
        private final RequestContext request;

        @Inject
        public Factory(Database database, Access access, RequestContext request) {
            this.database = database;
            this.access = access;
            this.request = request;
        }

        /**
         * @param columns the attributes that can be filtered and sorted by
         */
        public <R> Crud<R> of(
                String singular, String plural, Class<R> entity, Map<String, Listing.Column> columns, Noun<R> noun) {
            return new Crud<>(this, singular, plural, entity, columns, noun);
        }
    }
}
