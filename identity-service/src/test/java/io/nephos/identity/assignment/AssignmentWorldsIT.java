package io.nephos.identity.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The query that PostgreSQL answers, not a twin of it, against the enumeration of every possibility. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(io.nephos.testkit.Keycloak.class)
class AssignmentWorldsIT {
    private static final int WORLDS = 200;

    @Inject
    Database db;

    @Inject
    AssignmentStore store;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void inRandomWorldsTheDatabaseAnswersWhatHolds() {
        for (int seed = 0; seed < WORLDS; seed++) {
            World world = new World(new Random(seed));
            String prefix = "w" + seed + "-";
            db.run(tx -> settle(tx, world, prefix));
            Set<String> answered = new TreeSet<>();
            Map<String, Set<String>> projects = new TreeMap<>();
            Map<String, Set<String>> domains = new TreeMap<>();
            db.read(tx -> {
                for (int u = 0; u < World.SIZE; u++) {
                    String user = "u" + u;
                    for (Target target : world.targets()) {
                        store.rolesOf(tx, prefix + user, at(target, prefix))
                                .forEach(role ->
                                        answered.add(user + " " + target + " " + role.id.substring(prefix.length())));
                    }
                    projects.put(user, without(prefix, store.projectsOf(tx, prefix + user)));
                    domains.put(user, without(prefix, store.domainsOf(tx, prefix + user)));
                }
                return true;
            });
            String name = "world " + seed;
            Set<String> holds = world.everythingThatHolds();
            assertEquals(holds, answered, name);
            projects.forEach((user, ids) -> assertEquals(ofType(holds, user, "project"), ids, name));
            domains.forEach((user, ids) -> assertEquals(ofType(holds, user, "domain"), ids, name));
        }
    }

    private static Set<String> ofType(Set<String> holds, String user, String type) {
        return holds.stream()
                .filter(line -> line.startsWith(user + " Target[type=" + type + ","))
                .map(line -> line.replaceAll(".*id=([^]]*)].*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> without(String prefix, Set<String> ids) {
        return ids.stream().map(id -> id.substring(prefix.length())).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Target at(Target target, String prefix) {
        return target.equals(Target.SYSTEM) ? target : new Target(target.type(), prefix + target.id());
    }

    /** Half of the memberships are such as a mapping gives; some that have expired count for nothing. */
    private void settle(Transaction tx, World world, String prefix) {
        project(tx, prefix + "d", prefix + "d", "", true);
        world.parents.forEach((id, parent) -> project(tx, prefix + id, prefix + "d", prefix + parent, false));
        for (int i = 0; i < World.SIZE; i++) {
            tx.executeNative(
                    "insert into app_user (id, domain_id, name, enabled, options, extra, state, has_password,"
                            + " generation, created_at) values (:id, :domain, :id, true, '{}', '{}', 'active', false,"
                            + " 0, now())",
                    Map.of("id", prefix + "u" + i, "domain", prefix + "d"));
            tx.executeNative(
                    "insert into role (id, name, domain_id, options, extra, generation)"
                            + " values (:id, :id, '', '{}', '{}', 0)",
                    Map.of("id", prefix + "r" + i));
        }
        for (int i = 0; i < 3; i++) {
            tx.executeNative(
                    "insert into user_group (id, domain_id, name, description, extra, generation)"
                            + " values (:id, :domain, :id, '', '{}', 0)",
                    Map.of("id", prefix + "g" + i, "domain", prefix + "d"));
        }
        world.implied.forEach((prior, all) -> all.forEach(implied -> tx.executeNative(
                "insert into implied_role (id, prior_id, implied_id) values (:id, :prior, :implied)",
                Map.of("id", prefix + prior + implied, "prior", prefix + prior, "implied", prefix + implied))));
        for (int g = 0; g < 3; g++) {
            for (int u = 0; u < World.SIZE; u++) {
                boolean member = world.members.getOrDefault("g" + g, Set.of()).contains("u" + u);
                membership(tx, prefix + "g" + g, prefix + "u" + u, member, (g + u) % 2 == 0);
            }
        }
        world.grants.forEach(grant -> store.add(
                tx,
                new Grant(
                        new Actor(grant.actor().type(), prefix + grant.actor().id()),
                        at(grant.target(), prefix),
                        prefix + grant.roleId(),
                        grant.inherited())));
    }

    private static void membership(Transaction tx, String group, String user, boolean member, boolean mapped) {
        Map<String, String> both = Map.of("id", group + user, "group", group, "user", user);
        if (mapped) {
            tx.executeNative(
                    "insert into federated_membership (id, group_id, user_id, idp_id, expires_at)"
                            + " values (:id, :group, :user, 'idp', now() + interval '" + (member ? "1 hour" : "-1 hour")
                            + "')",
                    both);
        } else if (member) {
            tx.executeNative("insert into membership (id, group_id, user_id) values (:id, :group, :user)", both);
        }
    }

    private static void project(Transaction tx, String id, String domain, String parent, boolean isDomain) {
        tx.executeNative(
                "insert into project (id, domain_id, parent_id, is_domain, name, description, enabled, tags, options,"
                        + " extra, generation, created_at) values (:id, :domain, :parent, " + isDomain
                        + ", :id, '', true, '[]', '{}', '{}', 0, now())",
                Map.of("id", id, "domain", domain, "parent", parent));
    }
}
