package io.nephos.compute.host;

import io.nephos.compute.peer.Agents;
import io.nephos.compute.server.ServerRow;
import io.nephos.kit.data.Database;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Removes what was left behind on a host as soon as its agent answers again. */
@ApplicationScoped
public class ResidueReconciler implements Reconciler {
    private final Database db;
    private final Agents agents;
    private final HostDirectory hosts;

    @Inject
    public ResidueReconciler(Database db, Agents agents, HostDirectory hosts) {
        this.db = db;
        this.agents = agents;
        this.hosts = hosts;
    }

    @Override
    public String kind() {
        return ResidueRow.KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<ResidueRow> found = db.read(tx -> tx.find(ResidueRow.class, id));
        if (found.isEmpty()) {
            return Reconciler.done();
        }
        ResidueRow residue = found.get();
        boolean backThere = db.read(tx -> tx.find(ServerRow.class, residue.serverId)
                .filter(server -> server.host.equals(residue.host))
                .isPresent());
        if (!backThere) {
            agents.remove(hosts.agentAddress(residue.host, residue.agentAddress), residue.serverId);
        }
        db.run(tx -> tx.delete(residue));
        return Reconciler.done();
    }
}
