package io.nephos.compute.cloud;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.agent.v1.NbdConnection;
import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.CompleteAttachmentRequest;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.block.v1.GetVolumeRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentResponse;
import io.nephos.contracts.block.v1.Volume;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc;

/** Every volume exists, is available and bootable; one whose id begins with "bad" cannot be attached. */
final class FakeAttachments extends VolumeAttachmentsGrpc.VolumeAttachmentsImplBase {
    private final FakeCloud cloud;

    FakeAttachments(FakeCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public void getVolume(GetVolumeRequest request, StreamObserver<Volume> answer) {
        answer.onNext(Volume.newBuilder()
                .setId(request.getVolumeId())
                .setStatus("available")
                .setBootable(true)
                .build());
        answer.onCompleted();
    }

    @Override
    public void ensureAttachment(EnsureAttachmentRequest request, StreamObserver<Attachment> answer) {
        if (request.getVolumeId().startsWith("bad")) {
            answer.onError(Status.FAILED_PRECONDITION
                    .withDescription("The volume is in use.")
                    .asRuntimeException());
            return;
        }
        cloud.attachments.put(request.getAttachmentId(), request.getServerId());
        answer.onNext(Attachment.newBuilder()
                .setId(request.getAttachmentId())
                .setNbd(NbdConnection.newBuilder().setHost("127.0.0.1").setPort(10809))
                .build());
        answer.onCompleted();
    }

    @Override
    public void completeAttachment(CompleteAttachmentRequest request, StreamObserver<Attachment> answer) {
        answer.onNext(Attachment.newBuilder().setId(request.getAttachmentId()).build());
        answer.onCompleted();
    }

    @Override
    public void removeAttachment(RemoveAttachmentRequest request, StreamObserver<RemoveAttachmentResponse> answer) {
        boolean held = cloud.attachments.remove(request.getAttachmentId()) != null;
        answer.onNext(RemoveAttachmentResponse.newBuilder().setChanged(held).build());
        answer.onCompleted();
    }
}
