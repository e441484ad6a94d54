package io.nephos.image.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Shows a program nothing of this machine but programs and libraries, one file that it reads and the directory that it works
 * in, without a network; of root's rights it has at most that to the files it sees. By namespaces of Linux: root's own, else
 * those that a user namespace gives to anybody. Where the machine allows neither (in most containers), programs run as they are.
 */
final class Confinement {
    private static final Logger LOG = Logger.getLogger(Confinement.class);
    private static final List<List<String>> WAYS = List.of(
            List.of("unshare", "--mount", "--net", "--ipc"),
            List.of("unshare", "--user", "--map-root-user", "--mount", "--net", "--ipc"));

    /**
     * $1 is the directory, $2 the file, the rest the program. The new root is made where /sys was, which is always there, and put
     * over the old one: the program cannot go back without the rights that it loses, and other processes see its working
     * directory where they know it. The file may be another user's.
     */
    private static final String SCRIPT = """
            set -eu
            directory=$1 file=$2
            shift 2
            mount -n -t tmpfs -o mode=0755,size=1m none /sys
            cd /sys
            for part in dev/null dev/zero usr bin sbin lib lib32 lib64 libx32 etc/ld.so.cache etc/alternatives; do
              if [ -L "/$part" ]; then
                ln -s "$(readlink "/$part")" "$part"
                continue
              elif [ -d "/$part" ]; then
                mkdir -p "$part"
              elif [ -e "/$part" ]; then
                mkdir -p "${part%/*}"
                : >"$part"
              else
                continue
              fi
              mount -n --rbind "/$part" "$part"
              mount -n -o remount,bind,ro "$part"
            done
            mkdir -p ".${file%/*}"
            [ -e ".$file" ] || : >".$file"
            mount -n --bind "$file" ".$file"
            mount -n -o remount,bind,ro ".$file"
            mkdir -p ".$directory"
            mount -n --bind "$directory" ".$directory"
            mount -n --move . /
            exec chroot . setpriv --no-new-privs --bounding-set=-all,+dac_override --inh-caps=-all -- \\
              sh -c 'cd "$0" && exec "$@"' "$directory" "$@"
            """;

    private final List<String> way;

    private Confinement(List<String> way) {
        this.way = way;
    }

    /** The first way that this machine allows. */
    static Confinement in(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "", ".probe");
        String refusal = "";
        try {
            for (List<String> way : WAYS) {
                Confinement confinement = new Confinement(way);
                refusal = tried(confinement.around(directory, file, List.of("qemu-img", "--version")));
                if (refusal.isEmpty()) {
                    return confinement;
                }
            }
        } finally {
            Files.deleteIfExists(file);
        }
        LOG.infof("Conversions see this machine's files and network, for it allows no namespaces: %s", refusal);
        return new Confinement(List.of());
    }

    /** False where the machine does not allow it. */
    boolean confines() {
        return !way.isEmpty();
    }

    List<String> around(Path directory, Path file, List<String> command) {
        if (!confines()) {
            return command;
        }
        List<String> all = new ArrayList<>(way);
        all.addAll(List.of("sh", "-c", SCRIPT, "confinement", directory.toString(), file.toString()));
        all.addAll(command);
        return all;
    }

    /** Empty when it ended well, else what it said. */
    private static String tried(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
        } catch (IOException notInstalled) {
            return String.valueOf(notInstalled.getMessage());
        }
        try {
            String words = new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8).strip();
            boolean ended = process.waitFor(10, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? "" : words + " (" + command.getFirst() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The service is ending.", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
