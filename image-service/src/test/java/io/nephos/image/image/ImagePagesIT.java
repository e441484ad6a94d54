package io.nephos.image.image;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.image.Api;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.common.util.MultivaluedTreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a list has, and in which order, beside all images sorted by hand; and what it reads for that. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class ImagePagesIT {
    private static final String ADMIN = "admin-project";
    private static final String INSERT = "insert into image (id, name, status, visibility, owner, disk_format,"
            + " container_format, min_disk, min_ram, protected, os_hidden, tags, properties, size, virtual_size, copies,"
            + " created_at, updated_at, generation) ";
    private final List<String> projects = List.of(Api.project(), Api.project(), Api.project());
    private final List<String> filled = new ArrayList<>();
    private final String mark = "m" + UUID.randomUUID().toString().substring(0, 8);

    @Inject
    Database database;

    @AfterEach
    void clear() {
        database.execute("delete from image where id = any($1)", (Object) filled.toArray(String[]::new));
    }

    @Test
    void thePagesOfAnyListAreAllImagesFilteredAndSorted() {
        Random random = new Random(11);
        for (int catalogue = 0; catalogue < 2; catalogue++) {
            fill(random, 25 + random.nextInt(30));
            for (int i = 0; i < 40; i++) {
                String project = random.nextInt(4) == 0 ? ADMIN : projects.get(random.nextInt(3));
                Map<String, String> asked = question(random);
                assertEquals(expected(project, asked), walk(project, asked), () -> project + " " + asked);
            }
        }
    }

    @Test
    void whatOneDidIsInTheNextList() throws Exception {
        List<Callable<Boolean>> clients = new ArrayList<>();
        for (String project : projects) {
            clients.add(() -> {
                for (int i = 0; i < 6; i++) {
                    listsFollow(project);
                }
                return true;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
            for (Future<Boolean> client : threads.invokeAll(clients)) {
                client.get();
            }
        }
    }

    private void listsFollow(String project) {
        String id = Api.image(project, Map.of("name", mark));
        assertEquals(List.of(id), named(project, mark));
        assertEquals(id, Api.member(project).get("/v2/images?owner=" + project).path("images[0].id"));
        String token = TestTokens.member(project);
        String patch = "[{\"op\": \"replace\", \"path\": \"/%s\", \"value\": %s}]";
        Api.patch(token, id, patch.formatted("os_hidden", "true")).then().statusCode(200);
        assertEquals(List.of(), named(project, mark));
        Api.patch(token, id, patch.formatted("os_hidden", "false")).then().statusCode(200);
        Api.patch(token, id, patch.formatted("name", "\"" + mark + "b\""))
                .then()
                .statusCode(200);
        assertEquals(List.of(id), named(project, mark + "b"));
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        assertEquals(List.of(), named(project, mark + "b"));
    }

    private static List<String> named(String project, String name) {
        return Api.member(project)
                .get("/v2/images?name=" + name + "&owner=" + project)
                .path("images.id");
    }

    @Test
    void aMemberSeesTheImageInTheListAsSoonAsItWasAccepted() {
        String project = projects.getFirst();
        String member = projects.getLast();
        String id = Api.image(project, Map.of("name", mark));
        Api.member(project)
                .contentType("application/json")
                .body(Map.of("member", member))
                .post("/v2/images/" + id + "/members")
                .then()
                .statusCode(200);
        assertEquals(List.of(), named(member, mark));
        Api.member(member)
                .get("/v2/images?member_status=pending&visibility=shared&name=" + mark)
                .then()
                .body("images.id", equalTo(List.of(id)));
        Api.member(member)
                .contentType("application/json")
                .body(Map.of("status", "accepted"))
                .put("/v2/images/" + id + "/members/" + member)
                .then()
                .statusCode(200);
        Api.member(member).get("/v2/images?name=" + mark).then().body("images.id", equalTo(List.of(id)));
    }

    @Test
    void aPageReadsFewOfManyImages() {
        String me = projects.getFirst();
        database.execute(
                INSERT + "select gen_random_uuid()::text, case when i % 2 = 0 then $2 else $2 || i % 7 end, 'active',"
                        + " (array['public', 'private', 'shared', 'community'])[1 + i % 4],"
                        + " case when i % 50 > 0 then $1 else $1 || i % 3 end, 'raw', 'bare', 0, 0, false, false, '[]', '{}',"
                        + " null, null, '[]', now() - i * interval '1 second', now(), 0 from generate_series(1, 4000) i",
                me,
                mark);
        database.execute(
                "insert into image_member (id, image_id, member_id, status, created_at, updated_at)"
                        + " select gen_random_uuid()::text, id, $2, 'accepted', now(), now() from image"
                        + " where visibility = 'shared' and owner like $1 || '%'",
                me, projects.getLast());
        database.execute("analyze image");
        database.execute("analyze image_member");
        String last = database.rows("select id from image where owner = $1 order by created_at limit 1 offset 400", me)
                .getFirst()
                .getString(0);
        for (String project : List.of(me, projects.get(1), projects.getLast(), ADMIN)) {
            for (String asked : List.of("", "sort_dir=asc", "visibility=all", "name=" + mark, "owner=" + me)) {
                for (String marker : List.of("", "marker=" + last)) {
                    readsLittle(project, asked, marker);
                }
            }
        }
        database.execute("delete from image where owner like $1 || '%'", me);
    }

    private void readsLittle(String project, String... asked) {
        MultivaluedTreeMap<String, String> parameters = new MultivaluedTreeMap<>();
        for (String one : asked) {
            if (!one.isEmpty()) {
                parameters.add(one.split("=", 2)[0], one.split("=", 2)[1]);
            }
        }
        ImageSql sql = ImageSql.of(ImageQuery.of(parameters), project, project.equals(ADMIN));
        String plan = plan(sql);
        double read = Pattern.compile("Scan.*rows=([0-9.]+) loops=([0-9]+)")
                .matcher(plan)
                .results()
                .mapToDouble(scan -> Double.parseDouble(scan.group(1)) * Long.parseLong(scan.group(2)))
                .sum();
        double removed = Pattern.compile("Rows Removed by Filter: ([0-9]+)")
                .matcher(plan)
                .results()
                .mapToDouble(scan -> Double.parseDouble(scan.group(1)))
                .sum();
        assertTrue(read + removed < 800, () -> project + parameters + plan);
    }

    /** As it is carried out when it was prepared for any parameters, and so for the worst. */
    private String plan(ImageSql sql) {
        String parameters =
                Stream.of(sql.parameters()).map(value -> "'" + value + "'").collect(Collectors.joining(", "));
        return database.write(tx -> {
            tx.listNative(String.class, "select set_config('plan_cache_mode', 'force_generic_plan', true)", Map.of());
            tx.executeNative("prepare page as " + sql.text(), Map.of());
            List<String> plan = tx.listNative(
                    String.class,
                    "explain (analyze, costs off, timing off) execute page(" + parameters + ")",
                    Map.of());
            tx.executeNative("deallocate page", Map.of());
            return String.join("\n", plan);
        });
    }

    private void fill(Random random, int images) {
        OffsetDateTime start = OffsetDateTime.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < images; i++) {
            String id = UUID.randomUUID().toString();
            String owner = random.nextInt(8) == 0 ? ADMIN : projects.get(random.nextInt(3));
            filled.add(id);
            String visibility = one(random, "public", "private", "shared", "shared", "community");
            database.execute(
                    INSERT
                            + "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '[]', $16, $17, 0)",
                    id,
                    one(random, mark, "a", "ab", "b", null),
                    one(random, "active", "active", "queued", "deactivated", "deleted"),
                    visibility,
                    owner,
                    one(random, "raw", "qcow2", null),
                    one(random, "bare", "ovf", null),
                    random.nextInt(3),
                    random.nextInt(3),
                    random.nextInt(4) == 0,
                    random.nextInt(5) == 0,
                    one(random, "[]", "[\"blue\"]", "[\"blue\",\"" + mark + "\"]"),
                    one(random, "{}", "{\"os_distro\":\"" + mark + "\"}"),
                    random.nextInt(3) == 0 ? null : (long) random.nextInt(4),
                    random.nextInt(3) == 0 ? null : (long) random.nextInt(4),
                    start.plusSeconds(random.nextInt(12)),
                    start.plusSeconds(random.nextInt(12)));
            for (String member : projects) {
                if (visibility.equals("shared") && random.nextInt(3) > 0) {
                    database.execute(
                            "insert into image_member (id, image_id, member_id, status, created_at, updated_at)"
                                    + " values ($1, $2, $3, $4, now(), now())",
                            UUID.randomUUID().toString(),
                            id,
                            member,
                            one(random, "accepted", "accepted", "pending", "rejected"));
                }
            }
        }
    }

    private Map<String, String> question(Random random) {
        Map<String, String> asked = new TreeMap<>();
        asked.put("limit", String.valueOf(1 + random.nextInt(12)));
        for (int i = random.nextInt(3); i > 0; i--) {
            String[] filter = one(
                            random,
                            "name=a",
                            "name=in:a,b," + mark,
                            "status=active",
                            "status=in:queued,active",
                            "visibility=all",
                            "visibility=public",
                            "visibility=private",
                            "visibility=shared",
                            "visibility=community",
                            "member_status=all",
                            "member_status=pending",
                            "member_status=rejected",
                            "os_hidden=true",
                            "protected=true",
                            "size_min=2",
                            "size=lt:2",
                            "min_ram=1",
                            "tag=" + mark,
                            "os_distro=" + mark,
                            "owner=" + projects.getFirst(),
                            "created_at=gte:2026-01-01T00:00:05Z")
                    .split("=", 2);
            asked.put(filter[0], filter[1]);
        }
        List<String> keys = List.copyOf(ImageQuery.SORT_KEYS);
        if (random.nextInt(3) > 0) {
            List<String> sort = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                String key = keys.get(random.nextInt(keys.size()));
                if (sort.stream().noneMatch(other -> other.startsWith(key + ":"))) {
                    sort.add(key + ":" + one(random, "asc", "desc"));
                }
            }
            asked.put("sort", String.join(",", sort));
        }
        return asked;
    }

    private static List<String> walk(String project, Map<String, String> asked) {
        String token = project.equals(ADMIN) ? TestTokens.admin() : TestTokens.member(project);
        List<String> found = new ArrayList<>();
        Response page = Api.as(token).queryParams(asked).get("/v2/images");
        while (true) {
            List<String> ids = page.then().statusCode(200).extract().path("images.id");
            found.addAll(ids);
            String next = page.path("next");
            if (next == null) {
                return found;
            }
            assertEquals(Integer.parseInt(asked.get("limit")), ids.size());
            page = Api.as(token).urlEncodingEnabled(false).get(next);
        }
    }

    private List<String> expected(String project, Map<String, String> asked) {
        Map<String, String> memberships = new HashMap<>();
        database.rows("select image_id, status from image_member where member_id = $1", project)
                .forEach(row -> memberships.put(row.getString(0), row.getString(1)));
        return database.rows("select * from image").stream()
                .filter(row -> !row.getString("status").equals("deleted"))
                .filter(row -> row.getBoolean("os_hidden") == asked.containsKey("os_hidden"))
                .filter(row -> seen(row, project, asked, Optional.ofNullable(memberships.get(row.getString("id")))))
                .filter(row -> asked.entrySet().stream()
                        .allMatch(filter ->
                                passes(filter.getKey(), filter.getValue()).test(row)))
                .sorted(order(asked.getOrDefault("sort", "created_at:desc")))
                .map(row -> row.getString("id"))
                .toList();
    }

    private static boolean seen(Row row, String project, Map<String, String> asked, Optional<String> membership) {
        String visibility = row.getString("visibility");
        String wanted = asked.getOrDefault("visibility", "");
        if (!wanted.isEmpty() && !wanted.equals("all") && !wanted.equals(visibility)) {
            return false;
        }
        String status = asked.getOrDefault("member_status", "accepted");
        boolean mine = row.getString("owner").equals(project);
        return switch (visibility) {
            case "public" -> true;
            case "community" -> mine || !wanted.isEmpty();
            case "shared" ->
                mine
                        || project.equals(ADMIN)
                        || membership
                                .filter(known -> status.equals("all") || status.equals(known))
                                .isPresent();
            default -> mine || project.equals(ADMIN);
        };
    }

    private Predicate<Row> passes(String filter, String value) {
        return switch (filter) {
            case "name", "status", "owner" ->
                row -> List.of(value.replace("in:", "").split(",")).contains(String.valueOf(row.getString(filter)));
            case "protected" -> row -> row.getBoolean("protected");
            case "size_min" -> row -> row.getLong("size") != null && row.getLong("size") >= 2;
            case "size" -> row -> row.getLong("size") != null && row.getLong("size") < 2;
            case "min_ram" -> row -> row.getInteger("min_ram") == 1;
            case "tag" -> row -> row.getString("tags").contains(mark);
            case "os_distro" -> row -> row.getString("properties").contains(mark);
            case "created_at" ->
                row -> !row.getOffsetDateTime("created_at").isBefore(OffsetDateTime.parse(value.substring(4)));
            default -> row -> true;
        };
    }

    @SuppressWarnings("unchecked")
    private static Comparator<Row> order(String sort) {
        List<String> keys = new ArrayList<>(List.of(sort.split(",")));
        String direction = keys.getLast().split(":")[1];
        for (String unique : List.of("created_at", "id")) {
            if (keys.stream().noneMatch(key -> key.startsWith(unique + ":"))) {
                keys.add(unique + ":" + direction);
            }
        }
        Comparator<Row> order = Comparator.comparing(row -> 0);
        for (String key : keys) {
            String column = key.split(":")[0];
            Comparator<Row> by = Comparator.comparing(row -> (Comparable<Object>) known(row, column));
            order = order.thenComparing(key.endsWith(":asc") ? by : by.reversed());
        }
        return order;
    }

    // What is not there comes first.
    private static Object known(Row row, String column) {
        return Optional.ofNullable(row.getValue(column)).orElse(column.endsWith("size") ? (Object) (-1L) : "");
    }

    @SafeVarargs
    private static <T> T one(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
