package io.nephos.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the services of a cloud that does not recover have to say: their health, the last lines of their logs, and their threads.
 */
final class Illness {
    private static final Map<String, Integer> PORTS = new TreeMap<>(Map.of(
            "identity-service", 5000,
            "compute-service", 8774,
            "network-service", 9696,
            "image-service", 9292,
            "block-service", 8776,
            "scheduler-service", 8778));
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LINES = 12;

    private Illness() {}

    /** In words, for those that are not well; their logs, and the threads of all, are left in that directory. */
    static String of(String directory) {
        Path kept = Path.of(directory).toAbsolutePath();
        try {
            Files.createDirectories(kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PORTS.entrySet().stream()
                .map(service -> of(service.getKey(), service.getValue(), kept))
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String of(String service, int port, Path kept) {
        threads(service, kept);
        String health = health(port);
        return health.isEmpty() ? "" : service + ": " + health + "\n" + log(service, kept);
    }

    private static String health(int port) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? "" : answer.body().replaceAll("\\s+", " ");
        } catch (IOException e) {
            return "no answer (" + e + ")";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String log(String service, Path kept) {
        try {
            List<String> lines = Files.readAllLines(Cloud.home().resolve("log/" + service + ".log"));
            Files.write(kept.resolve(service + ".log"), lines);
            return lines.stream().skip(Math.max(0, lines.size() - LINES)).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    // Also of one that answers nothing any more: by the signal that a JVM attaches to.
    private static void threads(String service, Path kept) {
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                            Cloud.pid(service),
                            "Thread.dump_to_file",
                            "-overwrite",
                            kept.resolve(service + ".threads").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
