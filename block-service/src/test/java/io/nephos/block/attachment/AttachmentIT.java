package io.nephos.block.attachment;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.nephos.block.Api;
import io.nephos.block.StorageDaemonProcess;
import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.CompleteAttachmentRequest;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.block.v1.GetVolumeRequest;
import io.nephos.contracts.block.v1.ListAttachmentsRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentRequest;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc.VolumeAttachmentsBlockingStub;
import io.nephos.contracts.common.v1.Caller;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.contracts.compute.v1.FindServersResponse;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What compute asks, and what a host then really reaches: a real qemu-storage-daemon behind TLS, qemu-io as the host. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(StorageDaemonProcess.class)
class AttachmentIT {
    private final String project = Api.project();
    private final ManagedChannel channel = Peer.channelAs("compute");

    @Inject
    Database db;

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void whatOneServerWroteTheNextOneReads() {
        String volume = Api.volume(project, Map.of());
        Attachment first = ensure(id(), volume, id(), "h1");
        assertEquals("attaching", first.getStatus());
        assertEquals("block", first.getNbd().getTlsHostname());
        io(first, true, "write -P 0x42 4M 2M", "flush");
        assertEquals("attached", complete(first).getStatus());
        Api.member(project)
                .get("/v3/volumes/" + volume)
                .then()
                .body("volume.status", equalTo("in-use"))
                .body("volume.attachments[0].server_id", equalTo(first.getServerId()))
                .body("volume.attachments[0].device", equalTo("/dev/vdb"))
                .body("volume.attachments[0].id", equalTo(volume));
        Api.member(project).delete("/v3/volumes/" + volume).then().statusCode(400);
        assertTrue(remove(first));
        assertEquals("available", Api.status(project, volume));
        io(first, false, "read 0 512");
        Attachment second = ensure(id(), volume, id(), "h2");
        assertTrue(second.getFencingGeneration() > first.getFencingGeneration());
        io(second, true, "read -P 0x42 4M 2M");
        remove(second);
    }

    @Test
    void theSameCallAgainChangesNothing() {
        String volume = Api.volume(project, Map.of());
        String server = id();
        Attachment once = ensure(id(), volume, server, "h1");
        assertEquals(once, ensure(once.getId(), volume, server, "h1"));
        complete(once);
        complete(once);
        assertEquals("attached", ensure(once.getId(), volume, server, "h1").getStatus());
        assertEquals(
                1,
                compute()
                        .listAttachments(ListAttachmentsRequest.newBuilder()
                                .addServerIds(server)
                                .build())
                        .getAttachmentsCount());
        assertTrue(remove(once));
        assertFalse(remove(once));
    }

    @Test
    void aHostThatItWasTakenFromCannotWriteAnyMore() {
        String volume = Api.volume(project, Map.of());
        String server = id();
        Attachment old = ensure(id(), volume, server, "h1");
        io(old, true, "write -P 1 0 4k");
        Attachment moved = ensure(old.getId(), volume, server, "h2");
        assertNotEquals(old.getNbd().getExport(), moved.getNbd().getExport());
        io(old, false, "write -P 2 0 4k");
        io(moved, true, "read -P 1 0 4k");
        remove(moved);
    }

    @Test
    void aConnectionThatIsOpenIsCutOff() throws Exception {
        String volume = Api.volume(project, Map.of());
        Attachment attachment = ensure(id(), volume, id(), "h1");
        Thread writer = Thread.ofVirtual().start(() -> {
            String output = StorageDaemonProcess.qemuIo(
                    attachment.getNbd().getExport(), "write -P 9 0 4k", "sleep 4000", "write -P 7 0 4k");
            assertFalse(output.isEmpty());
        });
        Thread.sleep(1500);
        long start = System.nanoTime();
        assertTrue(remove(attachment));
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) < 3);
        writer.join();
        Attachment next = ensure(id(), volume, id(), "h2");
        io(next, true, "read -P 9 0 4k");
        remove(next);
    }

    @Test
    void aVolumeIsReservedBeforeItHasAHost() {
        String volume = Api.volume(project, Map.of());
        String server = id();
        Attachment reserved = ensure(id(), volume, server, "");
        assertEquals("reserved", reserved.getStatus());
        assertFalse(reserved.hasNbd());
        assertEquals("reserved", Api.status(project, volume));
        refused(Status.Code.FAILED_PRECONDITION, () -> ensure(id(), volume, id(), "h1"));
        refused(Status.Code.FAILED_PRECONDITION, () -> complete(reserved));
        assertEquals("attaching", ensure(reserved.getId(), volume, server, "h1").getStatus());
        remove(reserved);
        assertEquals("available", Api.status(project, volume));
    }

    @Test
    void whoMayNotSeeAVolumeCannotHaveIt() {
        String volume = Api.volume(project, Map.of());
        GetVolumeRequest.Builder request = GetVolumeRequest.newBuilder().setVolumeId(volume);
        assertEquals(
                project,
                compute().getVolume(request.setCaller(caller(project)).build()).getProjectId());
        refused(
                Status.Code.NOT_FOUND,
                () -> compute()
                        .getVolume(request.setCaller(caller(Api.project())).build()));
        refused(
                Status.Code.NOT_FOUND,
                () -> compute()
                        .ensureAttachment(EnsureAttachmentRequest.newBuilder()
                                .setCaller(caller(Api.project()))
                                .setAttachmentId(id())
                                .setServerId(id())
                                .setVolumeId(volume)
                                .setHost("h1")
                                .build()));
    }

    @Test
    void exportsAreThereAgainAfterTheDaemonWasKilled() {
        String volume = Api.volume(project, Map.of());
        Attachment attachment = ensure(id(), volume, id(), "h1");
        io(attachment, true, "write -P 0x33 0 64k", "flush");
        complete(attachment);
        StorageDaemonProcess.killDaemon();
        refused(Status.Code.UNAVAILABLE, () -> ensure(id(), Api.volume(project, Map.of("name", "other")), id(), "h1"));
        StorageDaemonProcess.startDaemon();
        Await.until(() -> StorageDaemonProcess.qemuIo(attachment.getNbd().getExport(), "read -P 0x33 0 64k")
                .startsWith("exit 0"));
        remove(attachment);
        Api.member(project).get("/v3/volumes/detail?name=other").then().body("volumes[0].status", equalTo("attaching"));
    }

    @Test
    void aServerThatIsGoneGivesBackWhatItHad() {
        String volume = Api.volume(project, Map.of());
        Attachment attachment = ensure(id(), volume, id(), "h1");
        complete(attachment);
        Api.onVirtualThread(() -> db.write(tx -> {
            tx.publish(
                    "nephos.compute.server",
                    attachment.getServerId(),
                    ServerEvent.newBuilder()
                            .setId(attachment.getServerId())
                            .setChange(Change.CHANGE_DELETED)
                            .build());
            return true;
        }));
        Await.until(() -> Api.status(project, volume).equals("available"));
        io(attachment, false, "read 0 512");
    }

    @Test
    void aServerOfWhichNobodyToldThatItIsGoneIsFoundByAsking() {
        Set<String> existing = ConcurrentHashMap.newKeySet();
        String kept = Api.volume(project, Map.of());
        String lost = Api.volume(project, Map.of());
        Attachment keeps = ensure(id(), kept, id(), "h1");
        ensure(id(), lost, id(), "h1");
        existing.add(keeps.getServerId());
        Server compute = Peer.serve("compute", new ComputeGrpc.ComputeImplBase() {
            @Override
            public void findServers(FindServersRequest request, StreamObserver<FindServersResponse> answer) {
                answer.onNext(FindServersResponse.newBuilder()
                        .addAllExistingIds(request.getIdsList().stream()
                                .filter(existing::contains)
                                .toList())
                        .build());
                answer.onCompleted();
            }
        });
        try {
            Await.until(() -> Api.status(project, lost).equals("available"));
            assertEquals("attaching", Api.status(project, kept));
        } finally {
            compute.shutdownNow();
        }
        remove(keeps);
    }

    @Test
    void aForcedDeletionTakesTheVolumeFromItsServer() {
        String volume = Api.volume(project, Map.of());
        Attachment attachment = ensure(id(), volume, id(), "h1");
        complete(attachment);
        Api.act(Api.admin(), volume, "os-force_delete", Map.of()).then().statusCode(202);
        Await.until(() -> Api.status(project, volume).equals("gone"));
        assertFalse(Files.exists(StorageDaemonProcess.store().resolve(volume + ".qcow2")));
        io(attachment, false, "read 0 512");
        assertFalse(remove(attachment));
    }

    @Test
    void aVolumeThatGoesWithItsServerIsDeletedAndOneThatAnotherHoldsIsNot() {
        String volume = Api.volume(project, Map.of());
        Attachment attachment = ensure(id(), volume, id(), "h1");
        RemoveAttachmentRequest alsoDelete = RemoveAttachmentRequest.newBuilder()
                .setAttachmentId(attachment.getId())
                .setDeleteVolumeId(volume)
                .build();
        compute().removeAttachment(alsoDelete.toBuilder().setAttachmentId(id()).build());
        assertEquals("attaching", Api.status(project, volume));
        compute().removeAttachment(alsoDelete);
        Await.until(() -> Api.status(project, volume).equals("gone"));
        compute().removeAttachment(alsoDelete);
    }

    @Test
    void aReadOnlyVolumeRefusesWrites() {
        String volume = Api.volume(project, Map.of());
        Api.act(Api.member(project), volume, "os-update_readonly_flag", Map.of("readonly", true));
        Attachment attachment = ensure(id(), volume, id(), "h1");
        assertFalse(StorageDaemonProcess.qemuIo(attachment.getNbd().getExport(), "write 0 4k")
                .contains("wrote 4096"));
        remove(attachment);
    }

    @Test
    void aClientKeepsItsOwnBookButCannotTakeAVolumeFromAServer() {
        String volume = Api.volume(project, Map.of());
        Map<String, String> mine = Map.of("instance_uuid", id(), "mountpoint", "/dev/vdc");
        Api.act(Api.member(project), volume, "os-attach", mine).then().statusCode(202);
        Api.member(project)
                .get("/v3/volumes/" + volume)
                .then()
                .body("volume.status", equalTo("in-use"))
                .body("volume.attachments", hasSize(1));
        Api.act(Api.member(project), volume, "os-attach", mine).then().statusCode(400);
        Api.act(Api.member(project), volume, "os-detach", Map.of()).then().statusCode(202);
        assertEquals("available", Api.status(project, volume));
        Api.act(Api.member(project), volume, "os-reserve", Map.of()).then().statusCode(202);
        assertEquals("attaching", Api.status(project, volume));
        Api.act(Api.member(project), volume, "os-reserve", Map.of()).then().statusCode(400);
        Api.act(Api.member(project), volume, "os-unreserve", Map.of()).then().statusCode(202);
        Attachment servers = ensure(id(), volume, id(), "h1");
        Api.act(Api.member(project), volume, "os-detach", Map.of()).then().statusCode(409);
        Api.act(Api.admin(), volume, "os-force_detach", Map.of("attachment_id", servers.getId()))
                .then()
                .statusCode(202);
        assertEquals("available", Api.status(project, volume));
    }

    private VolumeAttachmentsBlockingStub compute() {
        return VolumeAttachmentsGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private Attachment ensure(String attachment, String volume, String server, String host) {
        return compute()
                .ensureAttachment(EnsureAttachmentRequest.newBuilder()
                        .setCaller(caller(project))
                        .setAttachmentId(attachment)
                        .setVolumeId(volume)
                        .setServerId(server)
                        .setHost(host)
                        .setDevice("vdb")
                        .build());
    }

    private Attachment complete(Attachment attachment) {
        return compute()
                .completeAttachment(CompleteAttachmentRequest.newBuilder()
                        .setAttachmentId(attachment.getId())
                        .build());
    }

    private boolean remove(Attachment attachment) {
        return compute()
                .removeAttachment(RemoveAttachmentRequest.newBuilder()
                        .setAttachmentId(attachment.getId())
                        .build())
                .getChanged();
    }

    private static void io(Attachment attachment, boolean works, String... commands) {
        String output = StorageDaemonProcess.qemuIo(attachment.getNbd().getExport(), commands);
        boolean worked = output.startsWith("exit 0") && !output.contains("failed");
        assertEquals(works, worked, output);
    }

    private static void refused(Status.Code code, Runnable call) {
        assertEquals(
                code,
                assertThrows(StatusRuntimeException.class, call::run)
                        .getStatus()
                        .getCode());
    }

    private static Caller caller(String project) {
        return Caller.newBuilder()
                .setUserId("u")
                .setProjectId(project)
                .addRoles("member")
                .addRoles("reader")
                .build();
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
