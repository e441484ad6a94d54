package io.nephos.block.attachment;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nephos.block.attachment.AttachmentStore.Wish;
import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.block.backend.StorageFault;
import io.nephos.block.volume.Volume.Held;
import io.nephos.block.volume.VolumeRow;
import io.nephos.block.volume.VolumeStore;
import io.nephos.contracts.agent.v1.NbdConnection;
import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.CompleteAttachmentRequest;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.block.v1.GetVolumeRequest;
import io.nephos.contracts.block.v1.ListAttachmentsRequest;
import io.nephos.contracts.block.v1.ListAttachmentsResponse;
import io.nephos.contracts.block.v1.RemoveAttachmentRequest;
import io.nephos.contracts.block.v1.RemoveAttachmentResponse;
import io.nephos.contracts.block.v1.Volume;
import io.nephos.contracts.block.v1.VolumeAttachmentsGrpc;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What compute asks: volumes for its servers. The contract says what each call promises. */
@ApplicationScoped
public class VolumeAttachmentsRpc extends VolumeAttachmentsGrpc.VolumeAttachmentsImplBase {
    private final VolumeStore volumes;
    private final AttachmentStore attachments;
    private final Exports exports;
    private final Backends backends;
    private final String host;
    private final int port;
    private final String tlsHostname;

    @Inject
    public VolumeAttachmentsRpc(
            VolumeStore volumes,
            AttachmentStore attachments,
            Exports exports,
            Backends backends,
            @ConfigProperty(name = "nephos.block.nbd.host") String host,
            @ConfigProperty(name = "nephos.block.nbd.port") int port,
            @ConfigProperty(name = "nephos.block.nbd.tls-hostname", defaultValue = "block")
                    Optional<String> tlsHostname) {
        this.volumes = volumes;
        this.attachments = attachments;
        this.exports = exports;
        this.backends = backends;
        this.host = host;
        this.port = port;
        this.tlsHostname = tlsHostname.orElse("");
    }

    @Override
    public void getVolume(GetVolumeRequest request, StreamObserver<Volume> answer) {
        answer(answer, () -> {
            String id = request.getVolumeId();
            VolumeRow volume = request.hasCaller()
                    ? volumes.permitted("volume:get", Caller.of(request.getCaller()), id)
                    : volumes.find(id).orElseThrow(() -> VolumeStore.missing(id));
            String name = volume.name;
            return Volume.newBuilder()
                    .setId(volume.id)
                    .setProjectId(volume.projectId)
                    .setStatus(volume.status)
                    .setSizeGib(volume.sizeGib)
                    .setBootable(volume.bootable)
                    .setName(name == null ? "" : name)
                    .build();
        });
    }

    @Override
    public void ensureAttachment(EnsureAttachmentRequest request, StreamObserver<Attachment> answer) {
        answer(answer, () -> {
            uuid("attachment_id", request.getAttachmentId());
            uuid("server_id", request.getServerId());
            // One that exists was allowed when it was made; its repetition may come long after the user's token ended.
            if (request.hasCaller()
                    && attachments.find(request.getAttachmentId()).isEmpty()) {
                volumes.permitted(
                        "volume_extension:volume_actions:attach",
                        Caller.of(request.getCaller()),
                        request.getVolumeId());
            }
            if (Context.current().isCancelled()) {
                throw Status.CANCELLED.asRuntimeException();
            }
            attachments.ensure(new Wish(
                    request.getAttachmentId(),
                    request.getVolumeId(),
                    request.getServerId(),
                    request.getHost(),
                    request.getDevice()));
            exports.settle(request.getAttachmentId());
            return attachments
                    .find(request.getAttachmentId())
                    .filter(row -> row.status() != Held.DETACHING)
                    .map(this::message)
                    .orElseThrow(() ->
                            Fault.conflict("Attachment " + request.getAttachmentId() + " was removed meanwhile."));
        });
    }

    @Override
    public void completeAttachment(CompleteAttachmentRequest request, StreamObserver<Attachment> answer) {
        answer(answer, () -> message(attachments.complete(request.getAttachmentId(), request.getDevice())));
    }

    @Override
    public void removeAttachment(RemoveAttachmentRequest request, StreamObserver<RemoveAttachmentResponse> answer) {
        answer(answer, () -> {
            boolean there = attachments.detach(request.getAttachmentId()).isPresent();
            exports.settle(request.getAttachmentId());
            if (!request.getDeleteVolumeId().isEmpty()) {
                volumes.deleteWithServer(request.getDeleteVolumeId());
            }
            return RemoveAttachmentResponse.newBuilder().setChanged(there).build();
        });
    }

    @Override
    public void listAttachments(ListAttachmentsRequest request, StreamObserver<ListAttachmentsResponse> answer) {
        answer(answer, () -> {
            List<AttachmentRow> rows =
                    request.getServerIdsCount() == 0 ? List.of() : attachments.ofServers(request.getServerIdsList());
            return ListAttachmentsResponse.newBuilder()
                    .addAllAttachments(rows.stream().map(this::message).toList())
                    .build();
        });
    }

    private Attachment message(AttachmentRow row) {
        Attachment.Builder message = Attachment.newBuilder()
                .setId(row.id)
                .setVolumeId(row.volumeId)
                .setServerId(row.serverId)
                .setHost(row.host)
                .setStatus(row.status)
                .setDevice(row.device)
                .setFencingGeneration(row.fencing)
                .setReadOnly(row.readOnly);
        Optional<Backend.Direct> direct =
                row.exported() ? backends.of(attachments.backend(row.volumeId)).direct(row.volumeId) : Optional.empty();
        if (direct.isPresent()) {
            message.setRbd(RbdLocation.newBuilder()
                    .setFsid(direct.get().fsid())
                    .setPool(direct.get().pool())
                    .setImage(direct.get().image()));
        } else if (row.exported()) {
            message.setNbd(NbdConnection.newBuilder()
                    .setHost(host)
                    .setPort(port)
                    .setExport(row.exportName())
                    .setTlsHostname(tlsHostname));
        }
        return message.build();
    }

    private static void uuid(String field, String value) {
        if (!Fields.isUuid(value) || value.length() != 36) {
            throw Fault.badRequest(field + " must be a UUID.");
        }
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (FaultException e) {
            observer.onError(RpcFault.toStatus(e));
            return;
        } catch (StorageFault e) {
            observer.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
            return;
        }
        observer.onNext(result);
        observer.onCompleted();
    }
}
