package io.nephos.agent.libvirt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Whether guests can run under KVM here. {@code /dev/kvm} and libvirt's capabilities may both say yes where no guest
 * gets far, so a boot sector is booted that does what a kernel does first ({@code src/main/probe}). The answer is kept
 * until the host is booted anew.
 */
public final class BootProbe {
    private static final Logger LOG = Logger.getLogger(BootProbe.class);
    private static final String EMULATOR = "qemu-system-x86_64";
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final String SIGN = "NEPHOS\n";

    private final String wanted;
    private final Path state;
    private @Nullable VirtType known;

    /** @param wanted auto, kvm or qemu */
    public BootProbe(String wanted, Path state) {
        this.wanted = wanted;
        this.state = state;
    }

    synchronized VirtType virtType() {
        VirtType type = known;
        if (type == null) {
            type = switch (wanted) {
                case "kvm" -> VirtType.KVM;
                case "qemu" -> VirtType.QEMU;
                case "auto" -> probed();
                default ->
                    throw new IllegalArgumentException("nephos.agent.virt-type is auto, kvm or qemu, not " + wanted);
            };
            known = type;
        }
        return type;
    }

    private VirtType probed() {
        if (!Files.exists(Path.of("/dev/kvm"))) {
            return VirtType.QEMU;
        }
        try {
            Files.createDirectories(state);
            Path answer = state.resolve("virt-type");
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            if (Files.exists(answer)) {
                String[] kept = Files.readString(answer).strip().split(" ");
                if (kept.length == 2 && kept[0].equals(boot)) {
                    return kept[1].equals("kvm") ? VirtType.KVM : VirtType.QEMU;
                }
            }
            VirtType type = boots("kvm", "host") ? VirtType.KVM : VirtType.QEMU;
            LOG.infof("The boot probe says that guests run under %s here", type.domainType());
            Files.writeString(answer, boot + " " + type.domainType() + "\n");
            return type;
        } catch (IOException e) {
            throw new UncheckedIOException("the boot probe cannot keep its answer in " + state, e);
        }
    }

    /** Boots the probe; true when it came to its end in time. */
    boolean boots(String accelerator, String cpu) throws IOException {
        Path disk = Files.createTempFile(state, "probe", ".img");
        try {
            // SeaBIOS does not boot from a disk of a single sector.
            Files.write(disk, Arrays.copyOf(bootSector(), 1 << 20));
            Process qemu = new ProcessBuilder(List.of(
                            EMULATOR,
                            "-machine",
                            "q35",
                            "-accel",
                            accelerator,
                            "-cpu",
                            cpu,
                            "-m",
                            "32",
                            "-nodefaults",
                            "-display",
                            "none",
                            "-monitor",
                            "none",
                            "-no-reboot",
                            "-serial",
                            "stdio",
                            "-drive",
                            "file=" + disk + ",format=raw,if=virtio,snapshot=on"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return prints(qemu, SIGN);
            } finally {
                qemu.destroyForcibly();
                qemu.waitFor(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            Files.deleteIfExists(disk);
        }
    }

    private static boolean prints(Process process, String sign) throws InterruptedException {
        StringBuffer printed = new StringBuffer();
        Thread reader = Thread.startVirtualThread(() -> {
            try (InputStream output = process.getInputStream()) {
                byte[] buffer = new byte[1024];
                for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                    printed.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                    if (printed.indexOf(sign) >= 0) {
                        return;
                    }
                }
            } catch (IOException e) {
                LOG.debug("the probe's console", e);
            }
        });
        reader.join(PATIENCE);
        return printed.indexOf(sign) >= 0;
    }

    private static byte[] bootSector() throws IOException {
        try (InputStream resource = BootProbe.class.getResourceAsStream("bootprobe.bin")) {
            if (resource == null) {
                throw new IOException("bootprobe.bin is not in the jar");
            }
            return resource.readAllBytes();
        }
    }
}
