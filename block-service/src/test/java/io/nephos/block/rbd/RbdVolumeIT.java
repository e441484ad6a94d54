package io.nephos.block.rbd;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nephos.block.Api;
import io.nephos.block.CephCluster;
import io.nephos.block.StorageDaemonProcess;
import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentRequest;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc.VolumeAttachmentsBlockingStub;
import io.nephos.contracts.common.v1.Caller;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.contracts.compute.v1.FindServersResponse;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.ReadRequest;
import io.nephos.rbd.RbdFault;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import io.nephos.rbd.RbdSnapshot;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Volumes in a real Ceph cluster, beside those in files. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(StorageDaemonProcess.class)
@QuarkusTestResource(value = CephCluster.class, restrictToAnnotatedClass = true)
class RbdVolumeIT {
    private static final int MIB = 1 << 20;
    private final String project = Api.project();
    private final String type = "ceph-" + project;

    @BeforeEach
    void makeType() {
        assumeTrue(
                CephCluster.configuration().isPresent(), "ceph-mon, ceph-osd and ceph-common are not installed here");
        Api.post(
                        Api.admin(),
                        "/v3/types",
                        Map.of(
                                "volume_type",
                                Map.of("name", type, "extra_specs", Map.of("volume_backend_name", "ceph"))))
                .then()
                .statusCode(200);
    }

    @Test
    void aVolumeOfARawImageOfTheClusterIsACloneAndEachKeepsWhatItIsClonedFrom() throws IOException {
        byte[] bytes = random(9 * MIB + 77);
        OneImage image = new OneImage("raw", bytes, true);
        Server service = Peer.serve("image", image);
        String id;
        try {
            id = Api.volume(project, Map.of("volume_type", type, "imageRef", image.id()));
        } finally {
            service.shutdownNow();
        }
        assertEquals(0, image.reads.get());
        try (RbdImage volume = volumes().openToRead("volume-" + id, "")) {
            RbdSnapshot parent = volume.parent().orElseThrow();
            assertEquals("images/" + image.id() + "@snap", parent.pool() + "/" + parent.image() + "@" + parent.name());
            assertEquals(1L << 30, volume.size());
            assertArrayEquals(bytes, read(volume, bytes.length));
        }
        assertTrue(used("volume-" + id).contains("\"used_size\":0"), used("volume-" + id));
        Api.admin()
                .get("/v3/volumes/" + id)
                .then()
                .body("volume.bootable", equalTo("true"))
                .body("volume.'os-vol-host-attr:host'", equalTo("nephos@ceph#ceph"));
        try (RbdImage parent = pool("glance", "images").open(image.id())) {
            assertEquals(
                    RbdFault.Kind.IN_USE,
                    assertThrows(RbdFault.class, () -> parent.forget("snap")).kind());
        }
        Api.act(Api.member(project), id, "os-extend", Map.of("new_size", 2))
                .then()
                .statusCode(202);
        Await.until(() -> "available".equals(Api.status(project, id)));

        String copy = Api.volume(project, Map.of("size", 3, "source_volid", id));
        Api.member(project).delete("/v3/volumes/" + id).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("gone"));
        try (RbdImage clone = volumes().openToRead("volume-" + copy, "")) {
            assertEquals(
                    "volume-" + id + ".deleted", clone.parent().orElseThrow().image());
            assertEquals(3L << 30, clone.size());
            assertArrayEquals(bytes, read(clone, bytes.length));
        }
        Api.member(project).delete("/v3/volumes/" + copy).then().statusCode(202);
        Await.until(() -> Api.status(project, copy).equals("gone"));
        assertFalse(volumes().images().stream().anyMatch(name -> name.contains(id) || name.contains(copy)));
        try (RbdImage parent = pool("glance", "images").open(image.id())) {
            parent.forget("snap");
        }
    }

    @Test
    void aLongChainOfClonesIsCutAndWhatWasDeletedGoesWithItsLastClone() throws IOException {
        RbdPool pool = volumes();
        RbdVolumes chain = new RbdVolumes(pool);
        chain.make(project + 0, part -> pool.create(part, MIB).close());
        for (int i = 1; i < 7; i++) {
            String source = project + (i - 1);
            String made = project + i;
            chain.make(made, part -> chain.cloneVolume(source, made, part));
        }
        try (RbdImage fifth = pool.openToRead("volume-" + project + 5, "")) {
            assertEquals(Optional.empty(), fifth.parent());
        }
        for (int i : new int[] {0, 5, 2, 4, 1, 3}) {
            chain.removeVolume(project + i);
        }
        chain.sweep();
        assertEquals(
                Set.of("volume-" + project + 5 + ".deleted", "volume-" + project + 6),
                pool.images().stream().filter(name -> name.contains(project)).collect(Collectors.toSet()));
        chain.removeVolume(project + 6);
        assertFalse(pool.images().stream().anyMatch(name -> name.contains(project)));
    }

    @Test
    void anImageThatIsElsewhereOrNotRawIsCopiedWithoutItsZeros() throws Exception {
        byte[] bytes = random(24 * MIB);
        Arrays.fill(bytes, 4 * MIB, 20 * MIB, (byte) 0);
        Path directory = Files.createTempDirectory("image");
        Path raw = Files.write(directory.resolve("raw"), bytes);
        Path qcow2 = directory.resolve("qcow2");
        assertEquals(
                0,
                new ProcessBuilder("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), qcow2.toString())
                        .start()
                        .waitFor());
        for (OneImage image : new OneImage[] {
            new OneImage("raw", bytes, false), new OneImage("qcow2", Files.readAllBytes(qcow2), false)
        }) {
            Server service = Peer.serve("image", image);
            try {
                String id = Api.volume(project, Map.of("volume_type", type, "imageRef", image.id()));
                try (RbdImage volume = volumes().openToRead("volume-" + id, "")) {
                    assertEquals(Optional.empty(), volume.parent());
                    assertArrayEquals(bytes, read(volume, bytes.length));
                }
                assertEquals(1, image.reads.get());
                Api.member(project).delete("/v3/volumes/" + id).then().statusCode(202);
            } finally {
                service.shutdownNow();
            }
        }
    }

    @Test
    void aHostThatAVolumeWasTakenFromCannotWriteAnyMore() throws IOException {
        ManagedChannel channel = Peer.channelAs("compute");
        Server compute = Peer.serve("compute", new AllServers());
        try {
            String id = Api.volume(project, Map.of("volume_type", type));
            EnsureAttachmentRequest.Builder wish = EnsureAttachmentRequest.newBuilder()
                    .setCaller(Caller.newBuilder()
                            .setUserId("u")
                            .setProjectId(project)
                            .addRoles("member")
                            .addRoles("reader"))
                    .setAttachmentId(UUID.randomUUID().toString())
                    .setVolumeId(id)
                    .setServerId(UUID.randomUUID().toString())
                    .setDevice("vdb");
            Attachment first = stub(channel).ensureAttachment(wish.setHost("h1").build());
            assertFalse(first.hasNbd());
            assertEquals(volumes().fsid(), first.getRbd().getFsid());
            assertEquals("volumes", first.getRbd().getPool());
            try (RbdImage onFirst = pool("nova", "volumes").open(first.getRbd().getImage())) {
                onFirst.write(0, new byte[] {1}, 0, 1);
                assertEquals(first, stub(channel).ensureAttachment(wish.build()));
                onFirst.write(0, new byte[] {2}, 0, 1);
                Attachment second =
                        stub(channel).ensureAttachment(wish.setHost("h2").build());
                assertTrue(second.getFencingGeneration() > first.getFencingGeneration());
                assertThrows(RbdFault.class, () -> {
                    onFirst.write(0, new byte[] {3}, 0, 1);
                    onFirst.flush();
                });
            }
            try (RbdImage onSecond = pool("nova", "volumes").open(first.getRbd().getImage())) {
                assertArrayEquals(new byte[] {2}, read(onSecond, 1));
                onSecond.write(0, new byte[] {4}, 0, 1);
            }
            stub(channel)
                    .removeAttachment(RemoveAttachmentRequest.newBuilder()
                            .setAttachmentId(first.getId())
                            .build());
            assertEquals("available", Api.status(project, id));
        } finally {
            channel.shutdownNow();
            compute.shutdownNow();
        }
    }

    @Test
    void eachBackendIsAPoolAndAServiceAndATypeThatNamesNoneIsRefused() {
        Api.admin()
                .get("/v3/scheduler-stats/get_pools?detail=true")
                .then()
                .body("pools.name", hasItems("nephos@file#file", "nephos@ceph#ceph"))
                .body("pools.capabilities.storage_protocol", hasItem("ceph"))
                // No manager daemon counts in the cluster of the tests.
                .body("pools.find { it.name == 'nephos@ceph#ceph' }.capabilities.free_capacity_gb", equalTo("unknown"));
        Api.admin().get("/v3/os-services?host=nephos@ceph").then().body("services.state", equalTo(List.of("up")));
        Api.post(
                        Api.admin(),
                        "/v3/types",
                        Map.of(
                                "volume_type",
                                Map.of("name", "no" + type, "extra_specs", Map.of("volume_backend_name", "x"))))
                .then()
                .statusCode(200);
        Api.create(project, Map.of("volume_type", "no" + type)).then().statusCode(400);
        String file = Api.volume(project, Map.of());
        Api.create(project, Map.of("source_volid", file, "volume_type", type))
                .then()
                .statusCode(400);
        Api.act(Api.admin(), file, "os-retype", Map.of("new_type", type, "migration_policy", "never"))
                .then()
                .statusCode(400);
    }

    private static String used(String volume) throws IOException {
        Process rbd = new ProcessBuilder(
                        "rbd",
                        "--conf",
                        CephCluster.configuration().orElseThrow(),
                        "du",
                        "--format",
                        "json",
                        "volumes/" + volume)
                .start();
        return new String(rbd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static RbdPool volumes() {
        return pool("cinder", "volumes");
    }

    private static RbdPool pool(String user, String name) {
        return new RbdPool(new RbdSettings(CephCluster.configuration().orElseThrow(), user, name, 10));
    }

    private static byte[] read(RbdImage image, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            image.read(bytes.position(), bytes, Math.min(bytes.remaining(), MIB));
        }
        return bytes.array();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static VolumeAttachmentsBlockingStub stub(ManagedChannel channel) {
        return VolumeAttachmentsGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** An image-service that has one image, if asked also in the cluster. */
    private static final class OneImage extends ImagesGrpc.ImagesImplBase {
        final AtomicInteger reads = new AtomicInteger();
        private final Image image;
        private final byte[] bytes;

        OneImage(String format, byte[] bytes, boolean inCeph) throws IOException {
            this.bytes = bytes;
            Image.Builder made = Image.newBuilder()
                    .setId(UUID.randomUUID().toString())
                    .setName("one")
                    .setStatus("active")
                    .setDiskFormat(format)
                    .setContainerFormat("bare")
                    .setSizeBytes(bytes.length);
            if (inCeph) {
                try (RbdImage image = pool("glance", "images").create(made.getId(), bytes.length)) {
                    image.write(0, bytes, 0, bytes.length);
                    RbdSnapshot at = image.snapshot("snap");
                    made.setRbd(RbdLocation.newBuilder()
                            .setFsid(at.fsid())
                            .setPool(at.pool())
                            .setImage(at.image())
                            .setSnapshot(at.name()));
                }
            }
            this.image = made.build();
        }

        String id() {
            return image.getId();
        }

        @Override
        public void getImage(GetImageRequest request, StreamObserver<Image> answer) {
            answer.onNext(image);
            answer.onCompleted();
        }

        @Override
        public void read(ReadRequest request, StreamObserver<Chunk> answer) {
            reads.incrementAndGet();
            for (int at = 0; at < bytes.length; at += MIB) {
                answer.onNext(Chunk.newBuilder()
                        .setData(ByteString.copyFrom(bytes, at, Math.min(MIB, bytes.length - at)))
                        .build());
            }
            answer.onCompleted();
        }
    }

    /** A compute-service to which every server exists. */
    private static final class AllServers extends ComputeGrpc.ComputeImplBase {
        @Override
        public void findServers(FindServersRequest request, StreamObserver<FindServersResponse> answer) {
            answer.onNext(FindServersResponse.newBuilder()
                    .addAllExistingIds(request.getIdsList())
                    .build());
            answer.onCompleted();
        }
    }
}
