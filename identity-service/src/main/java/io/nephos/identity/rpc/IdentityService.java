package io.nephos.identity.rpc;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.identity.v1.FindProjectsRequest;
import io.nephos.contracts.identity.v1.FindProjectsResponse;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.contracts.identity.v1.ListSigningKeysRequest;
import io.nephos.contracts.identity.v1.ListSigningKeysResponse;
import io.nephos.contracts.identity.v1.Project;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.token.SigningKeyFiles;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** The gRPC face: signing keys, and which projects exist. */
@ApplicationScoped
public class IdentityService extends IdentityGrpc.IdentityImplBase {
    private final SigningKeyFiles keys;
    private final Database db;

    @Inject
    public IdentityService(SigningKeyFiles keys, Database db) {
        this.keys = keys;
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
}
