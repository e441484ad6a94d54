package io.nephos.block.volume;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nephos.block.Api;
import io.nephos.block.StorageDaemonProcess;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.ReadRequest;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A volume with the bytes of another volume or of an image. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(StorageDaemonProcess.class)
class VolumeSourceIT {
    private final String project = Api.project();

    @Inject
    Database db;

    @Test
    void aVolumeOfAVolumeHasItsBytes() throws Exception {
        String source = Api.volume(project, Map.of());
        run(
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -P 0x5a 1M 1M",
                StorageDaemonProcess.file(source).toString());
        Api.create(project, Map.of("source_volid", source, "size", 1))
                .then()
                .statusCode(202)
                .body("volume.source_volid", equalTo(source));
        String copy = Api.volume(project, Map.of("source_volid", source, "size", 2));
        run(
                "qemu-io",
                "-r",
                "-f",
                "qcow2",
                "-c",
                "read -P 0x5a 1M 1M",
                StorageDaemonProcess.file(copy).toString());
        assertTrue(run("qemu-img", "info", StorageDaemonProcess.file(copy).toString())
                .contains("2 GiB"));
    }

    @Test
    void aVolumeOfAnImageHasItsBytesAndIsBootable() throws Exception {
        byte[] content = "a root disk".repeat(100_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Server image = Peer.serve("image", new OneImage("raw", content));
        try {
            String id = Api.volume(project, Map.of("imageRef", UUID.randomUUID().toString()));
            Api.member(project)
                    .get("/v3/volumes/" + id)
                    .then()
                    .body("volume.bootable", equalTo("true"))
                    .body("volume.volume_image_metadata.image_name", equalTo("one"));
            Path raw = Files.createTempFile("volume", ".raw");
            run(
                    "qemu-img",
                    "convert",
                    "-f",
                    "qcow2",
                    "-O",
                    "raw",
                    StorageDaemonProcess.file(id).toString(),
                    raw.toString());
            try (var in = Files.newInputStream(raw)) {
                assertEquals(
                        new String(content, java.nio.charset.StandardCharsets.UTF_8),
                        new String(in.readNBytes(content.length), java.nio.charset.StandardCharsets.UTF_8));
            }
            Files.delete(raw);
        } finally {
            image.shutdownNow();
        }
    }

    @Test
    void anImageThatNamesAnotherFileEndsInErrorAndLeavesNoFile() throws Exception {
        Path evil = Files.createTempDirectory("evil").resolve("evil.qcow2");
        run("qemu-img", "create", "-f", "qcow2", "-u", "-b", "/etc/passwd", "-F", "raw", evil.toString(), "1M");
        Server image = Peer.serve("image", new OneImage("qcow2", Files.readAllBytes(evil)));
        try {
            String id = Api.create(project, Map.of("imageRef", UUID.randomUUID().toString()))
                    .path("volume.id");
            Await.until(() -> Api.status(project, id).equals("error"));
            assertTrue(Api.onVirtualThread(() -> db.rows("select fault from volume where id = $1", id)
                            .getFirst()
                            .getString("fault"))
                    .contains("another file"));
            try (var files = Files.list(StorageDaemonProcess.store())) {
                assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith(id)));
            }
            Api.member(project).delete("/v3/volumes/" + id).then().statusCode(202);
            Await.until(() -> Api.status(project, id).equals("gone"));
        } finally {
            image.shutdownNow();
        }
    }

    @Test
    void deletingWhileTheImageIsAwayEnds() {
        String image = UUID.randomUUID().toString();
        Server service = Peer.serve("image", new OneImage("raw", new byte[10]));
        String id;
        try {
            service.shutdownNow();
            id = UUID.randomUUID().toString();
            // As if the service had been killed between its answer and its work.
            Api.onVirtualThread(() -> db.execute(
                    "insert into volume (id, project_id, user_id, size_gib, wanted_gib, status, task, availability_zone,"
                            + " type_id, image_id, image_format, created_at) select $1, $2, 'u', 1, 1, 'creating',"
                            + " 'create', 'nova', id, $3, 'raw', now() from volume_type where is_default",
                    id,
                    project,
                    image));
            Api.onVirtualThread(() -> db.write(tx -> {
                tx.wake("volume", id);
                return true;
            }));
        } finally {
            service.shutdownNow();
        }
        assertEquals("creating", Api.status(project, id));
        Api.member(project).delete("/v3/volumes/" + id).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("gone"));
        Await.until(() -> Api.onVirtualThread(() -> db.rows("select 1 from reconcile_task where id = $1", id))
                .isEmpty());
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertFalse(output.contains("failed"), output);
        return output;
    }

    /** image-service with one image, which is whatever is asked for. */
    private static final class OneImage extends ImagesGrpc.ImagesImplBase {
        private final String format;
        private final byte[] content;

        OneImage(String format, byte[] content) {
            this.format = format;
            this.content = content;
        }

        @Override
        public void getImage(GetImageRequest request, StreamObserver<Image> answer) {
            answer.onNext(Image.newBuilder()
                    .setId(request.getImageId())
                    .setName("one")
                    .setStatus("active")
                    .setDiskFormat(format)
                    .setContainerFormat("bare")
                    .setSizeBytes(content.length)
                    .build());
            answer.onCompleted();
        }

        @Override
        public void read(ReadRequest request, StreamObserver<Chunk> answer) {
            for (int from = 0; from < content.length; from += 65536) {
                answer.onNext(Chunk.newBuilder()
                        .setData(ByteString.copyFrom(content, from, Math.min(65536, content.length - from)))
                        .build());
            }
            answer.onCompleted();
        }
    }
}
