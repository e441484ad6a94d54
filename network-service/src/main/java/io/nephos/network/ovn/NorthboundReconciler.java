package io.nephos.network.ovn;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.reconcile.Reconciler;
import io.nephos.network.fabric.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Brings one scope of the Northbound database in line with the rows. */
@ApplicationScoped
public class NorthboundReconciler implements Reconciler {
    private final Northbound northbound;

    @Inject
    public NorthboundReconciler(Northbound northbound) {
        this.northbound = northbound;
    }

    @Override
    public String kind() {
        return Scope.TASKS;
    }

    @Override
    public Outcome reconcile(String id) {
        try {
            northbound.bring(Scope.parse(id));
            return Reconciler.done();
        } catch (OvsdbException e) {
            throw Fault.unavailable(String.valueOf(e.getMessage()));
        }
    }
}
