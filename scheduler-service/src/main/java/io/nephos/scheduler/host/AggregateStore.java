package io.nephos.scheduler.host;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Nova's host aggregates: a name and metadata for one of Placement's, whose members are hosts. */
@ApplicationScoped
public class AggregateStore {
    private static final String MEMBERS = "select provider_id from provider_aggregate where aggregate_id = :id";
    private final Database database;

    @Inject
    public AggregateStore(Database database) {
        this.database = database;
    }

    /** Exactly these hosts are in it afterwards; names that no host has are passed over. */
    public void put(String id, String name, Map<String, String> metadata, Collection<String> hosts) {
        database.run(tx -> {
            tx.serialize("host-aggregate:" + id);
            tx.executeNative(
                    "insert into host_aggregate (id, name, metadata) values (:id, :name, :metadata) on conflict (id)"
                            + " do update set name = :name, metadata = :metadata",
                    Map.of("id", id, "name", name, "metadata", HostFacts.text(metadata)));
            TreeSet<String> before = new TreeSet<>(tx.listNative(String.class, MEMBERS, Map.of("id", id)));
            TreeSet<String> after = hosts.isEmpty()
                    ? new TreeSet<>()
                    : new TreeSet<>(tx.listNative(
                            String.class, "select id from host where name in (:names)", Map.of("names", hosts)));
            for (String gone : before) {
                if (!after.contains(gone)) {
                    leave(tx, gone, id);
                }
            }
            for (String member : after) {
                tx.executeNative(
                        "insert into provider_aggregate (provider_id, aggregate_id) values (:provider, :id)"
                                + " on conflict do nothing",
                        Map.of("provider", member, "id", id));
                touch(tx, member);
            }
        });
    }

    /** False when there was none. */
    public boolean remove(String id) {
        return database.write(tx -> {
            tx.serialize("host-aggregate:" + id);
            List<String> members = tx.listNative(String.class, MEMBERS, Map.of("id", id));
            new TreeSet<>(members).forEach(member -> leave(tx, member, id));
            return tx.executeNative("delete from host_aggregate where id = :id", Map.of("id", id)) == 1;
        });
    }

    private static void leave(Transaction tx, String provider, String id) {
        tx.executeNative(
                "delete from provider_aggregate where provider_id = :provider and aggregate_id = :id",
                Map.of("provider", provider, "id", id));
        touch(tx, provider);
    }

    /** Replicas read the host again, and plans made before are not good any more. */
    private static void touch(Transaction tx, String provider) {
        tx.executeNative(
                "update resource_provider set generation = generation + 1 where id = :id", Map.of("id", provider));
    }
}
