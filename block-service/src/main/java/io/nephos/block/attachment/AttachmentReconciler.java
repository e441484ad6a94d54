package io.nephos.block.attachment;

import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Brings one attachment's export to what its row says, when whoever asked for it did not live to see it. */
@ApplicationScoped
public class AttachmentReconciler implements Reconciler {
    static final String KIND = "attachment";
    private final Exports exports;

    @Inject
    public AttachmentReconciler(Exports exports) {
        this.exports = exports;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        exports.settle(id);
        return Reconciler.done();
    }
}
