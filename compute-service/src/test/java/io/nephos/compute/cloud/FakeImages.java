package io.nephos.compute.cloud;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.Ticket;

/** Every image exists and is active. */
final class FakeImages extends ImagesGrpc.ImagesImplBase {
    @Override
    public void getImage(GetImageRequest request, StreamObserver<Image> answer) {
        answer.onNext(image(request.getImageId()));
        answer.onCompleted();
    }

    @Override
    public void issueTicket(IssueTicketRequest request, StreamObserver<Ticket> answer) {
        answer.onNext(Ticket.newBuilder()
                .setToken("ticket")
                .setImage(image(request.getImageId()))
                .build());
        answer.onCompleted();
    }

    private static Image image(String id) {
        return Image.newBuilder()
                .setId(id)
                .setStatus("active")
                .setDiskFormat("qcow2")
                .setSizeBytes(1000)
                .setSha512("abc")
                .build();
    }
}
