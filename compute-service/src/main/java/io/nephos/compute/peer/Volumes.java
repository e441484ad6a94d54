package io.nephos.compute.peer;

import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.CompleteAttachmentRequest;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.block.v1.GetVolumeRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentRequest;
import io.nephos.contracts.block.v1.Volume;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc;
import io.nephos.kit.token.Caller;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;

/** block-service: volumes and their attachments. */
@ApplicationScoped
public class Volumes {
    private final Peers peers;

    @Inject
    public Volumes(Peers peers) {
        this.peers = peers;
    }

    public Volume get(Caller caller, String volumeId) {
        return stub(10).getVolume(GetVolumeRequest.newBuilder()
                .setCaller(caller.toProto())
                .setVolumeId(volumeId)
                .build());
    }

    public Attachment ensure(EnsureAttachmentRequest request) {
        return stub(30).ensureAttachment(request);
    }

    public void complete(String attachmentId, String device) {
        stub(10).completeAttachment(CompleteAttachmentRequest.newBuilder()
                .setAttachmentId(attachmentId)
                .setDevice(device)
                .build());
    }

    /** {@code deleteVolumeId}: the volume that goes with the attachment; empty: none does. */
    public void remove(String attachmentId, String deleteVolumeId) {
        stub(30).removeAttachment(RemoveAttachmentRequest.newBuilder()
                .setAttachmentId(attachmentId)
                .setDeleteVolumeId(deleteVolumeId)
                .build());
    }

    private VolumeAttachmentsGrpc.VolumeAttachmentsBlockingStub stub(int seconds) {
        return VolumeAttachmentsGrpc.newBlockingStub(peers.channel("block"))
                .withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }
}
