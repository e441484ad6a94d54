package io.nephos.identity.rpc;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.identity.v1.FindLimitsRequest;
import io.nephos.contracts.identity.v1.FindLimitsResponse;
import io.nephos.contracts.identity.v1.FindProjectsRequest;
import io.nephos.contracts.identity.v1.FindProjectsResponse;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.contracts.identity.v1.ListSigningKeysRequest;
import io.nephos.contracts.identity.v1.ListSigningKeysResponse;
import io.nephos.contracts.identity.v1.Project;
import io.nephos.identity.limit.EffectiveLimits;
import io.nephos.identity.limit.LimitModel;
import io.nephos.identity.limit.LimitStore;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.token.SigningKeyFiles;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** The gRPC face: signing keys, which projects exist, and how much they may have. */
@ApplicationScoped
public class IdentityService extends IdentityGrpc.IdentityImplBase {
    private final SigningKeyFiles keys;
    private final LimitStore limits;
    private final LimitModel model;
    private final Database db;

    @Inject
    public IdentityService(SigningKeyFiles keys, LimitStore limits, LimitModel model, Database db) {
        this.keys = keys;
        this.limits = limits;
        this.model = model;
        this.db = db;
    }

    @Override
    public void listSigningKeys(ListSigningKeysRequest request, StreamObserver<ListSigningKeysResponse> response) {
        response.onNext(
                ListSigningKeysResponse.newBuilder().setJwks(keys.publicKeys()).build());
        response.onCompleted();
    }

    @Override
    public void findProjects(FindProjectsRequest request, StreamObserver<FindProjectsResponse> response) {
        try {
            List<ProjectRow> rows = db.read(tx -> Selection.of(ProjectRow.class)
                    .whereIn("id", request.getIdsList())
                    .where("isDomain", false)
                    .list(tx));
            FindProjectsResponse.Builder found = FindProjectsResponse.newBuilder();
            rows.forEach(row -> found.addProjects(Project.newBuilder()
                    .setId(row.id)
                    .setName(row.name)
                    .setDomainId(row.domainId)
                    .setEnabled(row.enabled)));
            response.onNext(found.build());
            response.onCompleted();
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
    }

    @Override
    public void findLimits(FindLimitsRequest request, StreamObserver<FindLimitsResponse> response) {
        try {
            response.onNext(db.read(tx -> {
                Optional<ProjectRow> project =
                        tx.find(ProjectRow.class, request.getProjectId()).filter(row -> !row.isDomain);
                EffectiveLimits found = limits.effective(tx, request.getServiceType(), request.getRegionId(), project);
                FindLimitsResponse.Builder answer = FindLimitsResponse.newBuilder()
                        .putAllLimits(found.ofProject())
                        .putAllDomainLimits(found.ofDomain());
                if (model.strict() && project.isPresent()) {
                    Selection.of(ProjectRow.class)
                            .where("domainId", project.get().domainId)
                            .where("isDomain", false)
                            .list(tx)
                            .forEach(row -> answer.addDomainProjects(row.id));
                }
                return answer.build();
            }));
            response.onCompleted();
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
    }
}
