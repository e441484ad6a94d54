package io.nephos.agent.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * QEMU processes that libvirt does not know of: a libvirtd that is killed while it starts a guest leaves one that holds
 * the guest's disk, and no later start succeeds.
 */
final class StrayQemu {
    private static final Logger LOG = Logger.getLogger(StrayQemu.class);

    private StrayQemu() {}

    /** Ends those of the domain; to be asked only when libvirt says that it is off. */
    static void end(String id) {
        ProcessHandle.allProcesses().filter(process -> runs(process.pid(), id)).forEach(process -> {
            LOG.warnf("QEMU process %d of %s is not known to libvirt and is ended", process.pid(), id);
            process.destroyForcibly();
            try {
                process.onExit().get(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.warnf("QEMU process %d does not end", process.pid());
            }
        });
    }

    private static boolean runs(long pid, String id) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "cmdline"));
            return isGuest(Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0")), id);
        } catch (IOException e) {
            // It ended while we looked.
            return false;
        }
    }

    static boolean isGuest(List<String> arguments, String id) {
        int uuid = arguments.indexOf("-uuid");
        return arguments.getFirst().contains("qemu-system")
                && uuid >= 0
                && uuid + 1 < arguments.size()
                && arguments.get(uuid + 1).equals(id);
    }
}
