import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image service alone: how fast bytes come in and go out, one client and eight, against what the machine does without it,
 * and how fast many images are listed. CPU is that of the image service and of its database, for each GiB or request; curl is
 * the client.
 */
public final class ImageBench {
    private static final String IDENTITY = "http://127.0.0.1:5000/v3";
    private static final String IMAGE = "http://127.0.0.1:9292";
    private static final int CLIENTS = 8;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int mib;
    private final int images;
    private final int seconds;
    private final Path folder;
    private String token = "";

    private ImageBench(Map<String, String> options) throws IOException {
        this.mib = Integer.parseInt(options.getOrDefault("--mib", "1024"));
        this.images = Integer.parseInt(options.getOrDefault("--images", "10000"));
        this.seconds = Integer.parseInt(options.getOrDefault("--seconds", "8"));
        String home = System.getenv().getOrDefault("NEPHOS_HOME", "/var/lib/nephos");
        // The disk that the images lie on, so that both are measured on the same.
        this.folder = Files.createTempDirectory(Path.of(home, "data"), "bench-image");
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        ImageBench bench = new ImageBench(options);
        try {
            bench.run();
        } finally {
            bench.execute("rm", "-r", bench.folder.toString());
        }
    }

    private void run() throws Exception {
        token = issue();
        Path file = folder.resolve("random");
        execute("dd", "if=/dev/urandom", "of=" + file, "bs=1M", "count=" + mib, "status=none");
        System.out.println("| figure | value | unit | CPU s/GiB or ms/op |");
        System.out.println("|---|---|---|---|");
        baselines(file);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2 + CLIENTS; i++) {
            ids.add(create("bench-" + i));
        }
        try {
            upload(file, ids.subList(0, 1), "warm-up: image upload, 1 client");
            upload(file, ids.subList(1, 2), "image upload, 1 client");
            upload(file, ids.subList(2, 2 + CLIENTS), "image upload, " + CLIENTS + " clients");
            download(ids.subList(1, 2), "image download, 1 client, the image's first");
            download(ids.subList(1, 2), "image download, 1 client");
            download(ids.subList(2, 2 + CLIENTS), "image download, " + CLIENTS + " clients, the images' first");
            download(ids.subList(2, 2 + CLIENTS), "image download, " + CLIENTS + " clients");
        } finally {
            for (String id : ids) {
                send("DELETE", "/v2/images/" + id, null);
            }
        }
        lists();
    }

    private void baselines(Path file) throws Exception {
        String copy = folder.resolve("copy").toString();
        timed("dd conv=fsync to the same disk", 1, () -> execute("dd", "if=" + file, "of=" + copy, "bs=1M", "conv=fsync", "status=none"));
        execute("rm", copy);
        timed("cp on the same disk", 1, () -> execute("cp", file.toString(), copy));
        execute("rm", copy);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofPlatform().daemon().start(() -> serve(server, file));
            String url = "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/";
            timed("curl from a static file server (sendfile)", 1, () -> execute("curl", "-sf", "-o", "/dev/null", url));
        }
    }

    /** One request for each connection, answered with the file by the kernel. */
    private static void serve(ServerSocketChannel server, Path file) {
        try {
            while (true) {
                try (SocketChannel client = server.accept();
                        FileChannel bytes = FileChannel.open(file)) {
                    client.read(ByteBuffer.allocate(4096));
                    String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + bytes.size() + "\r\n\r\n";
                    client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
                    for (long at = 0; at < bytes.size(); ) {
                        at += bytes.transferTo(at, bytes.size() - at, client);
                    }
                }
            }
        } catch (IOException ended) {
            // The measurement is over.
        }
    }

    private void upload(Path file, List<String> ids, String figure) throws Exception {
        timed(figure, ids.size(), () -> all(ids, id -> execute(
                "curl", "-sf", "-H", "X-Auth-Token: " + token, "-H", "Content-Type: application/octet-stream", "-H", "Expect:",
                "-T", file.toString(), IMAGE + "/v2/images/" + id + "/file")));
    }

    private void download(List<String> ids, String figure) throws Exception {
        timed(figure, ids.size(), () -> all(ids, id -> execute(
                "curl", "-sf", "-o", "/dev/null", "-H", "X-Auth-Token: " + token, IMAGE + "/v2/images/" + id + "/file")));
    }

    private void lists() throws Exception {
        Queue<String> made = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger(25);
        try {
            for (int i = 0; i < 25; i++) {
                made.add(create("bench-list"));
            }
            rate("GET images (25, hardly more in all)", "/v2/images");
            clients(() -> {
                while (next.getAndIncrement() < images) {
                    made.add(create("bench-list"));
                }
            });
            rate("GET images (25 of " + images + ")", "/v2/images");
            rate("GET images?name= (25 of " + images + ")", "/v2/images?name=bench-list");
            rate("GET images?marker= (25 of " + images + ", half of them before)", "/v2/images?marker=" + middle());
            rate("GET images?sort_key=name (25 of " + images + ")", "/v2/images?sort_key=name");
            rate("GET images?limit=100", "/v2/images?limit=100");
            long start = System.nanoTime();
            int seen = 0;
            for (String page = "/v2/images?name=bench-list&limit=1000"; !page.isEmpty(); ) {
                String body = send("GET", page, null);
                seen += body.split("\"container_format\"", -1).length - 1;
                Matcher more = Pattern.compile("\"next\":\"([^\"]+)\"").matcher(body);
                page = more.find() ? more.group(1) : "";
            }
            row("all " + seen + " images by pages of 1000", (System.nanoTime() - start) / 1e6, "ms", Double.NaN);
        } finally {
            clients(() -> {
                for (String id = made.poll(); id != null; id = made.poll()) {
                    send("DELETE", "/v2/images/" + id, null);
                }
            });
        }
    }

    /** The last image of the page in the middle. */
    private String middle() throws Exception {
        String marker = "";
        for (int seen = 0; seen < images / 2; seen += 1000) {
            String body = send("GET", "/v2/images?limit=" + Math.min(1000, images / 2 - seen) + (marker.isEmpty() ? "" : "&marker=" + marker), null);
            Matcher id = Pattern.compile("\"self\":\"/v2/images/([^\"]+)\"").matcher(body);
            while (id.find()) {
                marker = id.group(1);
            }
        }
        return marker;
    }

    private void rate(String figure, String path) throws Exception {
        load(path, 3);
        double before = cpu();
        long[] nanos = load(path, seconds);
        double cpu = (cpu() - before) * 1000 / nanos.length;
        row(figure + ", p50 " + nanos[nanos.length / 2] / 1000 + " us", nanos.length / (double) seconds, "req/s", cpu);
    }

    private long[] load(String path, int forSeconds) throws Exception {
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        Queue<Long> all = new ConcurrentLinkedQueue<>();
        clients(() -> {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                send("GET", path, null);
                all.add(System.nanoTime() - start);
            }
        });
        long[] nanos = all.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(nanos);
        return nanos;
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Each {
        void run(String id) throws Exception;
    }

    private void clients(Step step) throws Exception {
        all(List.of("1", "2", "3", "4", "5", "6", "7", "8"), unused -> step.run());
    }

    private void all(List<String> items, Each each) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (String item : items) {
                running.add(threads.submit(() -> {
                    each.run(item);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void timed(String figure, int times, Step step) throws Exception {
        double before = cpu();
        long start = System.nanoTime();
        step.run();
        double took = (System.nanoTime() - start) / 1e9;
        double gib = mib / 1024.0 * times;
        row(figure, mib * 1.048576 * times / took, "MB/s", (cpu() - before) / gib);
    }

    private static void row(String figure, double value, String unit, double cpu) {
        System.out.printf("| %s | %.0f | %s | %s |%n", figure, value, unit, Double.isNaN(cpu) ? "" : "%.3f".formatted(cpu));
    }

    /** Seconds that the image service's process has used, and those of PostgreSQL that work for it. */
    private static double cpu() throws IOException {
        double sum = 0;
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String command = Files.readString(process.resolve("cmdline"));
                    boolean service = command.contains("image-service.properties") && command.startsWith("/")
                            && command.contains("-jar");
                    if ((service || command.startsWith("postgres: image ")) && sameNetwork(process)) {
                        String stat = Files.readString(process.resolve("stat"));
                        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                        sum += (Long.parseLong(words[11]) + Long.parseLong(words[12])) / 100.0;
                    }
                } catch (IOException gone) {
                    // It ended meanwhile.
                }
            }
        }
        return sum;
    }

    // There may be several clouds on the machine, each in a network namespace of its own.
    private static boolean sameNetwork(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/net")).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
    }

    private String create(String name) throws Exception {
        String made = send(
                "POST", "/v2/images", "{\"name\":\"" + name + "\",\"disk_format\":\"raw\",\"container_format\":\"bare\"}");
        Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(made);
        if (!id.find()) {
            throw new IOException("No image: " + made);
        }
        return id.group(1);
    }

    private String send(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(IMAGE + path))
                        .header("X-Auth-Token", token)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + " answered " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private String issue() throws Exception {
        String password = System.getenv("OS_PASSWORD");
        return http.send(
                        HttpRequest.newBuilder(URI.create(IDENTITY + "/auth/tokens"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"admin\",\"domain\":{\"id\":\"default\"},\"password\":\""
                                                + password
                                                + "\"}}},\"scope\":{\"project\":{\"name\":\"admin\",\"domain\":{\"id\":\"default\"}}}}}"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IOException("Sign-in failed; is OS_PASSWORD set?"));
    }

    private void execute(String... command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(command[0] + " ended with " + code);
        }
    }
}
