package io.nephos.scheduler.trait;

import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Traits of providers inside a transaction that holds the provider's row. */
@ApplicationScoped
public class TraitStore {
    /** Names have no commas. */
    private static final String NAMES = "string_to_array(cast(:names as text), ','))";

    public Set<String> of(Transaction tx, String providerId) {
        return new TreeSet<>(tx.listNative(
                String.class,
                "select trait from provider_trait where provider_id = :provider",
                Map.of("provider", providerId)));
    }

    /** Replaces what the agent reported before; what was set through the API stays. True when that changed anything. */
    public boolean report(Transaction tx, String providerId, Set<String> reported) {
        Set<String> known = new TreeSet<>(tx.listNative(
                String.class,
                "select trait from provider_trait where provider_id = :provider and reported",
                Map.of("provider", providerId)));
        if (known.equals(reported)) {
            return false;
        }
        Set<String> gone = new TreeSet<>(known);
        gone.removeAll(reported);
        gone.forEach(name -> remove(tx, providerId, name));
        for (String name : new TreeSet<>(reported)) {
            if (!known.contains(name)) {
                define(tx, name);
                tx.executeNative(
                        "insert into provider_trait (provider_id, trait, reported) values (:provider, :trait, true)"
                                + " on conflict (provider_id, trait) do update set reported = true",
                        Map.of("provider", providerId, "trait", name));
            }
        }
        return true;
    }

    /** Makes the traits of the provider exactly these. True when that changed anything. */
    public boolean replace(Transaction tx, String providerId, Set<String> wanted) {
        Set<String> known = of(tx, providerId);
        Set<String> gone = new TreeSet<>(known);
        gone.removeAll(wanted);
        Set<String> more = new TreeSet<>(wanted);
        more.removeAll(known);
        change(
                tx,
                "delete from provider_trait where provider_id = :provider and trait = any(" + NAMES,
                providerId,
                gone);
        change(
                tx,
                "insert into provider_trait (provider_id, trait) select :provider, unnest(" + NAMES,
                providerId,
                more);
        return !known.equals(wanted);
    }

    /** All at once, however many there are. */
    private static void change(Transaction tx, String sql, String providerId, Set<String> names) {
        if (!names.isEmpty()) {
            tx.executeNative(sql, Map.of("provider", providerId, "names", String.join(",", names)));
        }
    }

    /** Puts one trait on the provider, or takes it away. */
    public void set(Transaction tx, String providerId, String name, boolean there) {
        if (there) {
            tx.executeNative(
                    "insert into provider_trait (provider_id, trait) values (:provider, :trait) on conflict do nothing",
                    Map.of("provider", providerId, "trait", name));
        } else {
            remove(tx, providerId, name);
        }
    }

    /** True when the trait is new. */
    public boolean define(Transaction tx, String name) {
        return tx.executeNative(
                        "insert into trait (name) values (:name) on conflict (name) do nothing", Map.of("name", name))
                == 1;
    }

    /** Those of the names that no trait has. */
    public Set<String> unknown(Transaction tx, Set<String> names) {
        Set<String> unknown = new TreeSet<>(names);
        if (!names.isEmpty()) {
            unknown.removeAll(tx.listNative(
                    String.class,
                    "select name from trait where name = any(" + NAMES,
                    Map.of("names", String.join(",", names))));
        }
        return unknown;
    }

    private static void remove(Transaction tx, String providerId, String name) {
        tx.executeNative(
                "delete from provider_trait where provider_id = :provider and trait = :trait",
                Map.of("provider", providerId, "trait", name));
    }
}
