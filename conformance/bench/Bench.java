import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The benchmark of a running cloud. For each figure: operations a second, p50 and p99 of one, and the CPU that all of the
 * cloud's processes spent on it. The machine is noisy: compare runs made back to back, and CPU before rates.
 */
public final class Bench {
    private static final String IDENTITY = "http://127.0.0.1:5000/v3";
    private static final String COMPUTE = "http://127.0.0.1:8774/v2.1";
    private static final String IMAGE = "http://127.0.0.1:9292/v2";
    private static final int WARM_UP_SECONDS = 3;
    private static final int MIB = 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String nephos;
    private final Pattern only;
    private final int seconds;
    private final int concurrency;
    private String token = "";

    private Bench(String nephos, Map<String, String> options) {
        this.nephos = nephos;
        this.only = Pattern.compile(options.getOrDefault("--only", ""));
        this.seconds = Integer.parseInt(options.getOrDefault("--seconds", "10"));
        this.concurrency = Integer.parseInt(options.getOrDefault("--concurrency", "8"));
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        new Bench(arguments[0], options).run();
    }

    private void run() throws Exception {
        System.out.println("| figure | value | unit | p50 ms | p99 ms | cloud's CPU ms/op |");
        System.out.println("|---|---|---|---|---|---|");
        token = issue();
        memory();
        rate("token issue (POST /v3/auth/tokens)", this::signIn);
        rate("token validate (GET /v3/auth/tokens)", () -> get(IDENTITY + "/auth/tokens")
                .header("X-Subject-Token", token)
                .build());
        rate("GET servers/detail?limit=100", () -> get(COMPUTE + "/servers/detail?limit=100&all_tenants=1").build());
        rate("GET flavors/detail", () -> get(COMPUTE + "/flavors/detail").build());
        rate("GET images", () -> get(IMAGE + "/images").build());
        rate("GET networks", () -> get("http://127.0.0.1:9696/v2.0/networks").build());
        rate("GET volumes/detail", () -> get("http://127.0.0.1:8776/v3/volumes/detail").build());
        transfer();
        boot();
        memory();
    }

    private void rate(String figure, Supplier<HttpRequest> request) throws Exception {
        if (!only.matcher(figure).find()) {
            return;
        }
        load(request, WARM_UP_SECONDS);
        double before = cpuSeconds();
        long[] nanos = load(request, seconds);
        double cpu = cpuSeconds() - before;
        Arrays.sort(nanos);
        row(
                figure,
                nanos.length / (double) seconds,
                "req/s",
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6,
                cpu * 1000 / nanos.length);
    }

    private long[] load(Supplier<HttpRequest> request, int forSeconds) throws Exception {
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        ConcurrentLinkedQueue<Long> all = new ConcurrentLinkedQueue<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < concurrency; i++) {
                clients.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        HttpResponse<byte[]> answer = http.send(request.get(), HttpResponse.BodyHandlers.ofByteArray());
                        if (answer.statusCode() >= 300) {
                            throw new IOException(request.get().uri() + " answered " + answer.statusCode());
                        }
                        all.add(System.nanoTime() - start);
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    private void transfer() throws Exception {
        if (!only.matcher("image upload download").find()) {
            return;
        }
        Path file = Files.createTempFile("bench", ".raw");
        try {
            byte[] block = new byte[1 << 20];
            new java.util.Random(1).nextBytes(block);
            try (var out = Files.newOutputStream(file)) {
                for (int i = 0; i < MIB; i++) {
                    out.write(block);
                }
            }
            String id = field("id", post(IMAGE + "/images", "{\"name\":\"bench\",\"disk_format\":\"raw\",\"container_format\":\"bare\"}"));
            HttpRequest upload = get(IMAGE + "/images/" + id + "/file")
                    .header("Content-Type", "application/octet-stream")
                    .PUT(HttpRequest.BodyPublishers.ofFile(file))
                    .build();
            once("image upload (" + MIB + " MiB raw)", upload);
            once("image download (" + MIB + " MiB raw)", get(IMAGE + "/images/" + id + "/file").build());
            http.send(get(IMAGE + "/images/" + id).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        } finally {
            Files.delete(file);
        }
    }

    private void once(String figure, HttpRequest request) throws Exception {
        double before = cpuSeconds();
        long start = System.nanoTime();
        http.send(request, HttpResponse.BodyHandlers.discarding());
        double took = (System.nanoTime() - start) / 1e9;
        row(figure, MIB * 1.048576 / took, "MB/s", Double.NaN, Double.NaN, (cpuSeconds() - before) * 1000);
    }

    /** One real guest: how long until ACTIVE, and until its console shows the login prompt. */
    private void boot() throws Exception {
        if (!only.matcher("server create").find()) {
            return;
        }
        String image = idOf(IMAGE + "/images?name=tiny");
        String network = idOf("http://127.0.0.1:9696/v2.0/networks?name=private");
        Matcher flavor = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"[^{}]*?\"name\"\\s*:\\s*\"tiny\"|\"name\"\\s*:\\s*\"tiny\"[^{}]*?\"id\"\\s*:\\s*\"([^\"]+)\"")
                .matcher(text(COMPUTE + "/flavors"));
        if (!flavor.find()) {
            return;
        }
        double before = cpuSeconds();
        long start = System.nanoTime();
        String answer = post(
                COMPUTE + "/servers",
                "{\"server\":{\"name\":\"bench\",\"imageRef\":\"%s\",\"flavorRef\":\"%s\",\"networks\":[{\"uuid\":\"%s\"}]}}"
                        .formatted(image, flavor.group(1) == null ? flavor.group(2) : flavor.group(1), network));
        String url = COMPUTE + "/servers/" + field("id", answer);
        String shown = text(url);
        while (!shown.contains("\"ACTIVE\"")) {
            if (shown.contains("\"ERROR\"")) {
                throw new IOException("The server did not start: " + shown);
            }
            Thread.sleep(50);
            shown = text(url);
        }
        row("server create -> ACTIVE", (System.nanoTime() - start) / 1e9, "s", Double.NaN, Double.NaN, (cpuSeconds() - before) * 1000);
        while (!post(url + "/action", "{\"os-getConsoleOutput\":{}}").contains("login:")) {
            Thread.sleep(100);
        }
        row("server create -> login prompt", (System.nanoTime() - start) / 1e9, "s", Double.NaN, Double.NaN, Double.NaN);
        start = System.nanoTime();
        http.send(get(url).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        while (http.send(get(url).build(), HttpResponse.BodyHandlers.discarding()).statusCode() != 404) {
            Thread.sleep(50);
        }
        row("server delete -> gone", (System.nanoTime() - start) / 1e9, "s", Double.NaN, Double.NaN, Double.NaN);
    }

    private void memory() throws Exception {
        if (!only.matcher("memory").find()) {
            return;
        }
        Map<String, Long> byName = new java.util.TreeMap<>();
        for (Map.Entry<String, String> process : pids().entrySet()) {
            try {
                Matcher pss = Pattern.compile("Pss:\\s+(\\d+)")
                        .matcher(Files.readString(Path.of("/proc", process.getKey(), "smaps_rollup")));
                if (pss.find()) {
                    byName.merge(process.getValue(), Long.parseLong(pss.group(1)), Long::sum);
                }
            } catch (IOException gone) {
                // it ended meanwhile
            }
        }
        double sum = byName.values().stream().mapToLong(Long::longValue).sum() / 1024.0;
        row("memory, all processes (PSS)", sum, "MiB", Double.NaN, Double.NaN, Double.NaN);
        byName.forEach((name, kib) -> System.out.printf("|   %s | %d | MiB |  |  |  |%n", name, kib / 1024));
    }

    private static void row(String figure, double value, String unit, double p50, double p99, double cpu) {
        System.out.printf("| %s | %.2f | %s | %s | %s | %s |%n", figure, value, unit, cell(p50), cell(p99), cell(cpu));
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : "%.2f".formatted(value);
    }

    private double cpuSeconds() throws Exception {
        long ticks = 0;
        for (String pid : pids().keySet()) {
            try {
                String stat = Files.readString(Path.of("/proc", pid, "stat"));
                String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                ticks += Long.parseLong(words[11]) + Long.parseLong(words[12]);
            } catch (IOException gone) {
                // it ended meanwhile
            }
        }
        return ticks / 100.0;
    }

    private Map<String, String> pids() throws Exception {
        Process process = new ProcessBuilder(nephos, "status", "--pids").start();
        Map<String, String> all = new HashMap<>();
        new String(process.getInputStream().readAllBytes()).lines().forEach(line -> {
            String[] words = line.strip().split(" ", 2);
            if (words.length == 2) {
                all.put(words[0], words[1]);
            }
        });
        process.waitFor();
        return all;
    }

    private HttpRequest signIn() {
        String password = System.getenv("OS_PASSWORD");
        return HttpRequest.newBuilder(URI.create(IDENTITY + "/auth/tokens"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"admin\",\"domain\":{\"id\":\"default\"},\"password\":\""
                                + password
                                + "\"}}},\"scope\":{\"project\":{\"name\":\"admin\",\"domain\":{\"id\":\"default\"}}}}}"))
                .build();
    }

    private String issue() throws Exception {
        return http.send(signIn(), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IOException("Sign-in failed; is OS_PASSWORD set?"));
    }

    private HttpRequest.Builder get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("X-Auth-Token", token).header("Accept", "application/json");
    }

    private String text(String url) throws Exception {
        return http.send(get(url).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private String post(String url, String body) throws Exception {
        return http.send(
                        get(url)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String idOf(String url) throws Exception {
        return field("id", text(url));
    }

    private static String field(String name, String json) {
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException(name + " is not in " + json);
        }
        return matcher.group(1);
    }
}
