package io.nephos.image.backend;

import io.nephos.testkit.Gate;
import io.nephos.testkit.S3;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server with one bucket, as the store "objects" beside "file", a store "absent" that nobody answers for, and
 * where it can be a {@link CephStore}; imports are converted to raw.
 */
public final class S3Server implements QuarkusTestResourceLifecycleManager {
    static final String BUCKET = "images";
    /** What the service reaches the server through. */
    static final String GATE = "nephos.test.s3.gate";

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private S3 server;
    private Optional<CephStore> ceph = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            server = S3.start(TARGET.resolve("s3proxy.jar"), Files.createTempDirectory(TARGET, "s3-"), BUCKET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("nephos.test.s3", server.endpoint());
        CephStore store = new CephStore();
        ceph = Optional.of(store);
        return store.added(Map.ofEntries(
                Map.entry("nephos.image.stores", "file,objects,absent"),
                Map.entry("nephos.image.store.path", "target/image-store-3"),
                Map.entry("nephos.image.conversion.format", "raw"),
                Map.entry("nephos.image.show-direct-url", "true"),
                Map.entry("nephos.image.store.objects.type", "s3"),
                Map.entry("nephos.image.store.objects.endpoint", "http://127.0.0.1:" + Gate.open(server.port(), GATE)),
                Map.entry("nephos.image.store.objects.bucket", BUCKET),
                Map.entry("nephos.image.store.objects.prefix", "glance/"),
                Map.entry("nephos.image.store.objects.access-key", S3.ACCESS),
                Map.entry("nephos.image.store.objects.secret-key", S3.SECRET),
                Map.entry("nephos.image.store.objects.part-mib", "5"),
                Map.entry("nephos.image.store.absent.type", "s3"),
                Map.entry("nephos.image.store.absent.endpoint", "http://127.0.0.1:" + freePort()),
                Map.entry("nephos.image.store.absent.bucket", BUCKET),
                Map.entry("nephos.image.store.absent.access-key", S3.ACCESS),
                Map.entry("nephos.image.store.absent.secret-key", S3.SECRET)));
    }

    @Override
    public void stop() {
        server.close();
        ceph.ifPresent(CephStore::close);
    }

    /** What lies in the bucket, as its owner sees it. */
    static List<String> objects() {
        try (S3Client client = client()) {
            return client.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                    .map(object -> object.key() + " " + object.size())
                    .toList();
        }
    }

    static List<String> unfinished() {
        try (S3Client client = client();
                Stream<String> keys = client.listMultipartUploads(request -> request.bucket(BUCKET)).uploads().stream()
                        .map(upload -> upload.key())) {
            return keys.toList();
        }
    }

    static void beginAndForget(String object) {
        try (S3Client client = client()) {
            client.createMultipartUpload(request -> request.bucket(BUCKET).key(object));
        }
    }

    private static S3Client client() {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(URI.create(System.getProperty("nephos.test.s3")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(S3.ACCESS, S3.SECRET)))
                .build();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
