import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The benchmark of identity-service in a running cloud. For each figure: requests a second, p50 and p99 of one, and the CPU
 * that identity-service and that all of the cloud spent on it. The client writes prepared bytes on plain sockets, since it
 * runs on the machine that it measures; still compare runs made back to back, and CPU before rates.
 */
public final class IdentityBench {
    private static final int PORT = 5000;
    private static final int IMAGE_PORT = 9292;
    private static final int NEW_TOKENS = 2_000;
    private static final int WARM_UP_SECONDS = 3;
    private static final int COLD_USERS = 300;
    private static final String PASSWORD = "bench";

    private final String nephos;
    private final Pattern only;
    private final int seconds;
    private final int users;
    private final int assignments;
    private final Path home =
            Path.of(System.getenv().getOrDefault("NEPHOS_HOME", "/var/lib/nephos"));
    private String admin = "";

    private IdentityBench(String nephos, Map<String, String> options) {
        this.nephos = nephos;
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
        String caller = idOf(text(exchange(get("/v3/users?name=admin&domain_id=default"))));
        System.out.println("| figure | requests/s | p50 ms | p99 ms | the service's CPU ms | all CPU ms |");
        System.out.println("|---|---|---|---|---|---|");
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
                ids.add(idOf(text(exchange(post(
                        "/v3/users",
                        "{\"user\":{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}}",
                        true)))));
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
        try (Connected connected = new Connected(PORT)) {
            while (fresh.size() < NEW_TOKENS) {
                fresh.add(schema(tokenOf(connected.exchange(issue))));
            }
        }
        AtomicInteger next = new AtomicInteger();
        double[] before = cpuSeconds(image.service());
        long start = System.nanoTime();
        long[] nanos = load(8, image.port(), () -> fresh.get(next.getAndIncrement()), () -> next.get() < NEW_TOKENS - 8);
        row("local validation in image-service, new tokens", start, nanos, before, cpuSeconds(image.service()));
    }

    private static byte[] schema(String token) {
        return request("GET", "/v2/schemas/image", "X-Auth-Token: " + token, "");
    }

    private byte[] credential(String user) throws Exception {
        String made = text(exchange(post(
                "/v3/users/" + user + "/application_credentials",
                "{\"application_credential\":{\"name\":\"bench-" + System.nanoTime() + "\",\"secret\":\"s\"}}",
                true)));
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
        String role = idOf(text(exchange(get("/v3/roles?name=reader"))));
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
        load(connections, target.port(), request, WARM_UP_SECONDS);
        double[] before = cpuSeconds(target.service());
        long start = System.nanoTime();
        long[] nanos = load(connections, target.port(), request, seconds);
        row(figure, start, nanos, before, cpuSeconds(target.service()));
    }

    private static void row(String figure, long start, long[] nanos, double[] before, double[] after) {
        double took = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                "| %s | %.0f | %.2f | %.2f | %.3f | %.3f |%n",
                figure,
                nanos.length / took,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                (after[0] - before[0]) * 1000 / nanos.length,
                (after[1] - before[1]) * 1000 / nanos.length);
    }

    private static long[] load(int connections, int port, Supplier<byte[]> request, int forSeconds) throws Exception {
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        return load(connections, port, request, () -> System.nanoTime() < end);
    }

    private static long[] load(int connections, int port, Supplier<byte[]> request, BooleanSupplier more)
            throws Exception {
        List<long[]> all = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            List<Future<long[]>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(threads.submit(() -> client(port, request, more)));
            }
            for (Future<long[]> client : clients) {
                all.add(client.get());
            }
        }
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private static long[] client(int port, Supplier<byte[]> request, BooleanSupplier more) throws IOException {
        long[] nanos = new long[1 << 12];
        int count = 0;
        try (Connected connected = new Connected(port)) {
            while (more.getAsBoolean()) {
                byte[] bytes = request.get();
                long start = System.nanoTime();
                Answer answer = connected.exchange(bytes);
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, count * 2);
                }
                nanos[count++] = System.nanoTime() - start;
                if (answer.status() >= 300) {
                    throw new IOException("answered " + answer.status() + ": " + text(answer));
                }
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private record Answer(int status, String head, byte[] body) {}

    /** One connection that is kept open; answers have a Content-Length or come in chunks. */
    private static final class Connected implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final StringBuilder line = new StringBuilder(256);

        Connected(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            socket.setTcpNoDelay(true);
        }

        Answer exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            StringBuilder head = new StringBuilder(1024);
            int length = 0;
            boolean chunked = false;
            for (String read = line(); !read.isEmpty(); read = line()) {
                head.append(read).append('\n');
                if (read.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(read.substring(15).strip());
                }
                chunked |= read.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26);
            }
            byte[] body = chunked ? chunks() : in.readNBytes(length);
            return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(), body);
        }

        private byte[] chunks() throws IOException {
            var all = new java.io.ByteArrayOutputStream();
            for (int size = size(); size > 0; size = size()) {
                all.write(in.readNBytes(size));
                line();
            }
            line();
            return all.toByteArray();
        }

        private int size() throws IOException {
            return Integer.parseInt(line().strip(), 16);
        }

        private String line() throws IOException {
            line.setLength(0);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("The server closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Answer exchange(byte[] request) throws IOException {
        try (Connected connected = new Connected(PORT)) {
            return connected.exchange(request);
        }
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
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

    private static String tokenOf(Answer answer) {
        Matcher header = Pattern.compile("(?im)^x-subject-token: (\\S+)").matcher(answer.head());
        if (!header.find()) {
            throw new IllegalStateException("Sign-in failed: " + text(answer));
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

    /** Of that service, and of all. */
    private double[] cpuSeconds(String service) throws Exception {
        double[] seconds = new double[2];
        for (Map.Entry<String, String> process : processes().entrySet()) {
            double used = cpuOf(process.getKey());
            seconds[0] += process.getValue().equals(service) ? used : 0;
            seconds[1] += used;
        }
        return seconds;
    }

    /** Names by pid. */
    private Map<String, String> processes() throws Exception {
        Process process = new ProcessBuilder(nephos, "status", "--pids").start();
        Map<String, String> all = new HashMap<>();
        new String(process.getInputStream().readAllBytes())
                .lines()
                .map(line -> line.strip().split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> all.put(words[0], words[1]));
        process.waitFor();
        return all;
    }

    private static double cpuOf(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / 100.0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
