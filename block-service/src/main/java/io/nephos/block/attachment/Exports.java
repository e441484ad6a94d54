package io.nephos.block.attachment;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.block.backend.Exporter;
import io.nephos.block.backend.Exporter.Export;
import io.nephos.block.backend.StorageFault;
import io.nephos.block.volume.Volume.Held;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Makes the exports of the daemon those that the attachment rows ask for; one thread at a time for each volume. A volume that
 * hosts reach by themselves is not exported: its backend is told whose it is.
 */
@ApplicationScoped
public class Exports {
    private static final Logger LOG = Logger.getLogger(Exports.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f-]{36})\\.(\\d+)");

    private final AttachmentStore attachments;
    private final Exporter exporter;
    private final Backends backends;
    private final ReentrantLock[] locks = new ReentrantLock[64];

    @Inject
    public Exports(AttachmentStore attachments, Exporter exporter, Backends backends) {
        this.attachments = attachments;
        this.exporter = exporter;
        this.backends = backends;
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** What the row says now is so when this returns: exported, not exported, or removed with its row. */
    public void settle(String id) {
        Optional<AttachmentRow> seen = attachments.find(id);
        if (seen.isEmpty()) {
            return;
        }
        ReentrantLock lock = lock(seen.get().volumeId);
        lock.lock();
        try {
            Optional<AttachmentRow> row = attachments.find(id);
            if (row.isEmpty()) {
                return;
            }
            AttachmentRow attachment = row.get();
            Backend backend = backends.of(attachments.backend(attachment.volumeId));
            if (backend.direct(attachment.volumeId).isPresent()) {
                settleDirect(attachment, backend);
                return;
            }
            if (!attachment.host.isEmpty()) {
                removeOlder(attachment);
            }
            if (attachment.exported()) {
                exporter.export(new Export(attachment.exportName(), attachment.volumeId, attachment.readOnly));
            } else if (attachment.status() == Held.DETACHING) {
                if (!attachment.host.isEmpty()) {
                    exporter.remove(attachment.exportName());
                }
                attachments.forget(id);
            }
        } catch (StorageFault e) {
            throw Fault.unavailable("The volume's storage does not answer: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void settleDirect(AttachmentRow attachment, Backend backend) {
        if (attachment.exported()) {
            backend.hold(attachment.volumeId, attachment.exportName());
        } else if (attachment.status() == Held.DETACHING) {
            if (!attachment.host.isEmpty()) {
                backend.hold(attachment.volumeId, "");
            }
            attachments.forget(attachment.id);
        }
    }

    /** A host that it was taken from must not write any more before another one may. */
    private void removeOlder(AttachmentRow attachment) {
        for (String name : exporter.exports()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && matcher.group(1).equals(attachment.id) && !name.equals(attachment.exportName())) {
                exporter.remove(name);
            }
        }
    }

    /** Compares all rows with all exports: after a restart of either, and now and then. */
    public void settleAll() {
        // In this order: an export that a row asks for has its row before it.
        Set<String> exports = exporter.exports();
        List<AttachmentRow> rows = attachments.all();
        Set<String> asked = rows.stream().map(AttachmentRow::exportName).collect(Collectors.toSet());
        for (String name : exports) {
            if (NAME.matcher(name).matches() && !asked.contains(name)) {
                LOG.infof("Removing the export %s, which no attachment asks for", name);
                exporter.remove(name);
            }
        }
        Set<String> exportable = attachments.exportable(backends.all().stream()
                .filter(backend -> !backend.protocol().equals("NBD"))
                .map(Backend::name)
                .toList());
        rows.stream()
                .filter(row -> row.status() == Held.DETACHING || exportable.contains(row.id))
                .filter(row -> row.exported() != exports.contains(row.exportName()) || row.status() == Held.DETACHING)
                .forEach(row -> settle(row.id));
    }

    private ReentrantLock lock(String volumeId) {
        return locks[Math.floorMod(volumeId.hashCode(), locks.length)];
    }
}
