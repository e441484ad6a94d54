package io.nephos.agent.instance;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nephos.agent.file.DurableFile;
import io.nephos.agent.image.BackingFile;
import io.nephos.contracts.agent.v1.InstanceSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What is kept of instances on the host's disk: {@code instances/<id>/} with {@code spec.pb} (the newest accepted
 * wish, without its ticket), {@code disk.qcow2} or, when the root disk is cloned elsewhere, {@code disk.cloned}
 * ({@code disk.cloning} until it is there), {@code console.log} and {@code reboot} (the last reboot's id).
 */
public final class InstanceStore {
    private static final Logger LOG = Logger.getLogger(InstanceStore.class);
    private static final String REMOVED = ".removed-";
    private static final String CLONING = "disk.cloning";
    private static final String CLONED = "disk.cloned";
    private static final int CONSOLE_BYTES = 1 << 20;

    private final Path directory;

    public InstanceStore(Path state) {
        this.directory = DurableFile.directory(state.resolve("instances"));
        sweep();
    }

    /** Ids of the instances that something is kept of. */
    public List<String> ids() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<InstanceSpec> spec(String id) {
        Path file = home(id).resolve("spec.pb");
        try {
            return Files.exists(file)
                    ? Optional.of(InstanceSpec.parseFrom(Files.readAllBytes(file)))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            LOG.errorf("%s cannot be read and is ignored: %s", file, e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True when it differs from what was kept. */
    boolean save(InstanceSpec spec) {
        InstanceSpec.Builder kept = spec.toBuilder();
        if (kept.hasImage()) {
            kept.getImageBuilder().clearTicket().clearRbd();
        }
        if (spec(spec.getId()).map(kept.build()::equals).orElse(false)) {
            return false;
        }
        DurableFile.directory(home(spec.getId()));
        DurableFile.write(home(spec.getId()).resolve("spec.pb"), kept.build().toByteArray());
        return true;
    }

    Path disk(String id) {
        return home(id).resolve("disk.qcow2");
    }

    /** Notes, before anything is done elsewhere, that the root disk is to be cloned there. */
    void beginClone(String id) {
        DurableFile.write(home(id).resolve(CLONING), new byte[0]);
    }

    void endClone(String id) {
        try {
            DurableFile.publish(home(id).resolve(CLONING), home(id).resolve(CLONED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean cloned(String id) {
        return Files.exists(home(id).resolve(CLONED));
    }

    /** There may be a clone, or part of one. */
    boolean mayBeCloned(String id) {
        return cloned(id) || Files.exists(home(id).resolve(CLONING));
    }

    /** Where the guest's first serial port is logged; made so that it can be read before the guest says anything. */
    Path console(String id) {
        Path log = home(id).resolve("console.log");
        try {
            DurableFile.directory(home(id));
            if (!Files.exists(log)) {
                Files.createFile(log);
            }
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<String> lastReboot(String id) {
        Path file = home(id).resolve("reboot");
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void saveReboot(String id, String rebootId) {
        DurableFile.write(home(id).resolve("reboot"), rebootId.getBytes(StandardCharsets.UTF_8));
    }

    boolean exists(String id) {
        return Files.exists(home(id));
    }

    /** The last lines that the guest wrote; 0 for all that is kept. */
    String consoleTail(String id, int lines) {
        Path log = home(id).resolve("console.log");
        String tail = tail(log);
        // virtlogd moves a long log aside; what was written last may be just there.
        if (tail.length() < 4096) {
            tail = tail(home(id).resolve("console.log.0")) + tail;
        }
        if (lines <= 0) {
            return tail;
        }
        int from = tail.endsWith("\n") ? tail.length() - 1 : tail.length();
        for (int i = 0; i < lines && from >= 0; i++) {
            from = tail.lastIndexOf('\n', from - 1);
        }
        return tail.substring(from + 1);
    }

    private static String tail(Path log) {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long length = file.length();
            byte[] bytes = new byte[(int) Math.min(length, CONSOLE_BYTES)];
            file.seek(length - bytes.length);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets everything of the instance. True when there was something. */
    boolean delete(String id) {
        Path home = home(id);
        if (!Files.exists(home)) {
            return false;
        }
        try {
            // Out of sight in one go: a crash in the middle leaves rubbish, never half an instance.
            Path rubbish = directory.resolve(REMOVED + id);
            DurableFile.delete(rubbish);
            Files.move(home, rubbish, StandardCopyOption.ATOMIC_MOVE);
            DurableFile.delete(rubbish);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Digests of the images that disks here are, or are about to be, backed by. */
    public Set<String> imagesInUse() {
        Set<String> digests = new HashSet<>();
        for (String id : ids()) {
            spec(id).filter(InstanceSpec::hasImage)
                    .ifPresent(spec -> digests.add(spec.getImage().getSha512()));
            try {
                if (Files.exists(disk(id))) {
                    BackingFile.of(disk(id)).ifPresent(file -> digests.add(String.valueOf(file.getFileName())));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return digests;
    }

    private void sweep() {
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(REMOVED))
                    .forEach(DurableFile::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path home(String id) {
        Instance.checkId("id", id);
        return directory.resolve(id);
    }
}
