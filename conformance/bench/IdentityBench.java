import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The benchmark of identity-service in a running cloud. For each figure: requests a second, p50 and p99 of one, and the CPU
 * that the service, the compilers in its JVM and all of the cloud spent on it. A JVM compiles for the first ten thousands of
 * requests, so each figure is warmed up until it hardly does. The client writes prepared bytes on plain sockets, since it runs
 * on the machine that it measures; still compare runs made back to back, and CPU before rates.
 */
public final class IdentityBench {
    private static final int PORT = 5000;
    private static final int IMAGE_PORT = 9292;
    private static final int NEW_TOKENS = 2_000;
    private static final int WARM_UP_SECONDS = 3;
    /** Rounds of that many seconds, if the compilers do not come to rest before. */
    private static final int MOST_WARM_UPS = 12;
    /** The compilers' share of the service's CPU. */
    private static final double AT_REST = 0.1;
    private static final int COLD_USERS = 300;
    private static final String PASSWORD = "bench";

    private final CloudProcesses processes;
    private final Pattern only;
    private final int seconds;
    private final int users;
    private final int assignments;
    private final Path home =
            Path.of(System.getenv().getOrDefault("NEPHOS_HOME", "/var/lib/nephos"));
    private String admin = "";

    private IdentityBench(String nephos, Map<String, String> options) {
        this.processes = new CloudProcesses(nephos);
        this.only = Pattern.compile(options.getOrDefault("--only", ""));
        this.seconds = Integer.parseInt(options.getOrDefault("--seconds", "10"));
        this.users = Integer.parseInt(options.getOrDefault("--users", "10000"));
        this.assignments = Integer.parseInt(options.getOrDefault("--assignments", "100000"));
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 2; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        new IdentityBench(arguments[0], options).run();
    }

    private void run() throws Exception {
        String password = Files.readString(home.resolve("etc/secrets/admin")).strip();
        String onAdmin = ",\"scope\":{\"project\":{\"name\":\"admin\",\"domain\":{\"id\":\"default\"}}}";
        byte[] repeated = issue("admin", password, onAdmin);
        admin = tokenOf(exchange(repeated));
        String caller = idOf(exchange(get("/v3/users?name=admin&domain_id=default")).text());
        System.out.println("| figure | requests/s | p50 ms | p99 ms | the service's CPU ms | its compilers' CPU ms | all CPU ms |");
        System.out.println("|---|---|---|---|---|---|---|");
        cold();
        rate("issue by password, repeated", 8, () -> repeated);
        byte[] credential = credential(caller);
        rate("issue by application credential", 8, () -> credential);
        byte[] rescoping = post(
                "/v3/auth/tokens",
                "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":{\"id\":\"" + admin + "\"}}" + onAdmin + "}}",
                false);
        rate("issue by token (rescoping)", 8, () -> rescoping);
        byte[] validate = request("GET", "/v3/auth/tokens", "X-Auth-Token: " + admin + "\r\nX-Subject-Token: " + admin, "");
        rate("GET /v3/auth/tokens", 16, () -> validate);
        byte[] small = get("/v3/regions");
        rate("GET /v3/regions (the least that needs a token)", 16, () -> small);
        elsewhere(repeated);
        many();
    }

    /** Other users one after the other, so that none was seen in the last seconds. */
    private void cold() throws Exception {
        if (!only.matcher("issue by password, cold").find()) {
            return;
        }
        List<String> ids = new ArrayList<>();
        List<byte[]> requests = new ArrayList<>();
        try {
            for (int i = 0; i < COLD_USERS; i++) {
                String name = "bench-" + i + "-" + System.nanoTime();
                ids.add(idOf(exchange(post(
                        "/v3/users",
                        "{\"user\":{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}}",
                        true)).text()));
                requests.add(issue(name, PASSWORD, ""));
            }
            AtomicInteger next = new AtomicInteger();
            rate(
                    "issue by password, cold",
                    4,
                    () -> requests.get(Math.floorMod(next.getAndIncrement(), requests.size())));
        } finally {
            for (String id : ids) {
                exchange(request("DELETE", "/v3/users/" + id, "X-Auth-Token: " + admin, ""));
            }
        }
    }

    /** Another service checks tokens by itself: the least that it does for one, with a token it knows and with new ones. */
    private void elsewhere(byte[] issue) throws Exception {
        if (!only.matcher("local validation").find()) {
            return;
        }
        Target image = new Target(IMAGE_PORT, "image-service");
        byte[] known = schema(admin);
        rate("local validation in image-service, a known token (GET /v2/schemas/image)", 16, image, () -> known);
        List<byte[]> fresh = new ArrayList<>();
        try (PlainHttp connected = new PlainHttp(PORT)) {
            while (fresh.size() < NEW_TOKENS) {
                fresh.add(schema(tokenOf(connected.exchange(issue))));
            }
        }
        AtomicInteger next = new AtomicInteger();
        CloudProcesses.Cpu before = processes.cpu(image.service());
        long start = System.nanoTime();
        long[] nanos = PlainHttp.load(
                8, image.port(), () -> fresh.get(next.getAndIncrement()), () -> next.get() < NEW_TOKENS - 8);
        row("local validation in image-service, new tokens", start, nanos, processes.cpu(image.service()).since(before));
    }

    private static byte[] schema(String token) {
        return request("GET", "/v2/schemas/image", "X-Auth-Token: " + token, "");
    }

    private byte[] credential(String user) throws Exception {
        String made = exchange(post(
                "/v3/users/" + user + "/application_credentials",
                "{\"application_credential\":{\"name\":\"bench-" + System.nanoTime() + "\",\"secret\":\"s\"}}",
                true)).text();
        return post(
                "/v3/auth/tokens",
                "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],\"application_credential\":{\"id\":\""
                        + idOf(made) + "\",\"secret\":\"s\"}}}}",
                false);
    }

    /** Lists of many: rows as identity-service would have written them, taken out again at the end. */
    private void many() throws Exception {
        if (!only.matcher("GET /v3/users GET /v3/role_assignments").find()) {
            return;
        }
        String role = idOf(exchange(get("/v3/roles?name=reader")).text());
        try (Connection database = database()) {
            try {
                fill(database, role);
                byte[] all = get("/v3/users?domain_id=bench");
                rate("GET /v3/users, all " + users, 1, () -> all);
                rate("GET /v3/users?limit=100", 4, () -> get("/v3/users?limit=100&marker=bench-" + random(users)));
                byte[] byName = get("/v3/users?domain_id=bench&name=bench-7");
                rate("GET /v3/users?name=", 4, () -> byName);
                rate(
                        "GET /v3/role_assignments?limit=100 of " + assignments,
                        4,
                        () -> get("/v3/role_assignments?limit=100&marker=user/bench-" + random(users)));
                byte[] ofOne = get("/v3/role_assignments?user.id=bench-7&include_names");
                rate("GET /v3/role_assignments?user.id=&include_names", 4, () -> ofOne);
                byte[] effective = get("/v3/role_assignments?user.id=bench-7&effective");
                rate("GET /v3/role_assignments?user.id=&effective", 4, () -> effective);
            } finally {
                empty(database);
            }
        }
    }

    private void fill(Connection database, String role) throws SQLException {
        empty(database);
        int each = Math.max(1, assignments / users);
        database.setAutoCommit(false);
        try (var statement = database.createStatement()) {
            statement.execute("insert into project (id, domain_id, parent_id, is_domain, name, description, enabled, tags,"
                    + " options, extra, generation, created_at) values ('bench', 'bench', '', true, 'bench', '', true,"
                    + " '[]', '{}', '{}', 0, now())");
            statement.execute("insert into project (id, domain_id, parent_id, is_domain, name, description, enabled, tags,"
                    + " options, extra, generation, created_at) select 'bench-' || i, 'bench', 'bench', false,"
                    + " 'bench-' || i, '', true, '[]', '{}', '{}', 0, now() from generate_series(1, " + each + ") i");
            // Federated ones are the only users of whom Keycloak knows nothing.
            statement.execute("insert into app_user (id, domain_id, name, enabled, options, extra, state, has_password,"
                    + " generation, created_at, origin) select 'bench-' || i, 'bench', 'bench-' || i, true, '{}', '{}',"
                    + " 'active', false, 0, now(), 'federated' from generate_series(1, " + users + ") i");
        }
        try (PreparedStatement insert = database.prepareStatement(
                "insert into assignment (id, actor_type, actor_id, target_type, target_id, role_id, inherited)"
                        + " select 'user/bench-' || u || '/project/bench-' || p || '/' || ? || '/direct', 'user',"
                        + " 'bench-' || u, 'project', 'bench-' || p, ?, false"
                        + " from generate_series(1, ?) u, generate_series(1, ?) p")) {
            insert.setString(1, role);
            insert.setString(2, role);
            insert.setInt(3, users);
            insert.setInt(4, each);
            insert.execute();
        }
        database.commit();
        database.setAutoCommit(true);
        try (var statement = database.createStatement()) {
            statement.execute("analyze assignment, app_user, project");
        }
    }

    private static void empty(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute("delete from assignment where actor_id like 'bench-%'");
            statement.execute("delete from app_user where domain_id = 'bench'");
            statement.execute("delete from project where domain_id = 'bench'");
        }
    }

    private Connection database() throws Exception {
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(home.resolve("etc/identity-service.properties"))) {
            settings.load(file);
        }
        return DriverManager.getConnection(
                settings.getProperty("quarkus.datasource.jdbc.url"),
                settings.getProperty("quarkus.datasource.username"),
                settings.getProperty("quarkus.datasource.password"));
    }

    private static int random(int below) {
        return 1 + (int) (Math.random() * below);
    }

    /** Who is asked. */
    private record Target(int port, String service) {}

    private void rate(String figure, int connections, Supplier<byte[]> request) throws Exception {
        rate(figure, connections, new Target(PORT, "identity-service"), request);
    }

    private void rate(String figure, int connections, Target target, Supplier<byte[]> request) throws Exception {
        if (!only.matcher(figure).find()) {
            return;
        }
        warmUp(connections, target, request);
        CloudProcesses.Cpu before = processes.cpu(target.service());
        long start = System.nanoTime();
        long[] nanos = PlainHttp.load(connections, target.port(), request, seconds);
        row(figure, start, nanos, processes.cpu(target.service()).since(before));
    }

    private void warmUp(int connections, Target target, Supplier<byte[]> request) throws Exception {
        CloudProcesses.Cpu spent;
        int rounds = 0;
        do {
            CloudProcesses.Cpu before = processes.cpu(target.service());
            PlainHttp.load(connections, target.port(), request, WARM_UP_SECONDS);
            spent = processes.cpu(target.service()).since(before);
            rounds++;
        } while (rounds < MOST_WARM_UPS && spent.compilers() > AT_REST * spent.service());
    }

    private static void row(String figure, long start, long[] nanos, CloudProcesses.Cpu spent) {
        double took = (System.nanoTime() - start) / 1e9;
        double each = 1000.0 / nanos.length;
        Arrays.sort(nanos);
        System.out.printf(
                "| %s | %.0f | %.2f | %.2f | %.3f | %.3f | %.3f |%n",
                figure,
                nanos.length / took,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                spent.service() * each,
                spent.compilers() * each,
                spent.all() * each);
    }

    private static PlainHttp.Answer exchange(byte[] request) throws IOException {
        try (PlainHttp connected = new PlainHttp(PORT)) {
            return connected.exchange(request);
        }
    }

    private static byte[] issue(String user, String password, String scope) {
        return post(
                "/v3/auth/tokens",
                "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"" + user
                        + "\",\"domain\":{\"id\":\"default\"},\"password\":\"" + password + "\"}}}" + scope + "}}",
                "");
    }

    private byte[] get(String path) {
        return request("GET", path, "X-Auth-Token: " + admin, "");
    }

    private byte[] post(String path, String body, boolean signedIn) {
        return post(path, body, signedIn ? "X-Auth-Token: " + admin : "");
    }

    private static byte[] post(String path, String body, String header) {
        return request("POST", path, header, body);
    }

    private static byte[] request(String method, String path, String header, String body) {
        return (method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + PORT + "\r\nAccept: application/json\r\n"
                        + (header.isEmpty() ? "" : header + "\r\n")
                        + (body.isEmpty()
                                ? ""
                                : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                        + "\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String tokenOf(PlainHttp.Answer answer) {
        Matcher header = Pattern.compile("(?im)^x-subject-token: (\\S+)").matcher(answer.head());
        if (!header.find()) {
            throw new IllegalStateException("Sign-in failed: " + answer.text());
        }
        return header.group(1);
    }

    private static String idOf(String json) {
        Matcher matcher = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no id in " + json);
        }
        return matcher.group(1);
    }
}
