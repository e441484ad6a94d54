package io.nephos.compute.report;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.contracts.compute.v1.FindServersResponse;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What other services ask of compute. */
@ApplicationScoped
public class ComputeRpc extends ComputeGrpc.ComputeImplBase {
    private final Database db;

    @Inject
    public ComputeRpc(Database db) {
        this.db = db;
    }

    @Override
    public void findServers(FindServersRequest request, StreamObserver<FindServersResponse> answer) {
        FindServersResponse.Builder found = FindServersResponse.newBuilder();
        try {
            db.rows("select id from server where id = any($1)", (Object)
                            request.getIdsList().toArray(String[]::new))
                    .forEach(row -> found.addExistingIds(row.getString(0)));
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
        answer.onNext(found.build());
        answer.onCompleted();
    }
}
