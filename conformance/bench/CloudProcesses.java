import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The processes of the running cloud, as ./nephos knows them. */
final class CloudProcesses {
    private final String nephos;

    CloudProcesses(String nephos) {
        this.nephos = nephos;
    }

    /**
     * CPU seconds: of a service without the JVM's compilers, of those, which end with a warm service, and of all processes.
     */
    record Cpu(double service, double compilers, double all) {
        Cpu since(Cpu before) {
            return new Cpu(service - before.service, compilers - before.compilers, all - before.all);
        }
    }

    /** Until now. */
    Cpu cpu(String service) throws Exception {
        double own = 0;
        double compilers = 0;
        double all = 0;
        for (Map.Entry<String, String> process : processes().entrySet()) {
            double used = cpuOf(Path.of("/proc", process.getKey()));
            all += used;
            if (process.getValue().equals(service)) {
                double compiled = compilersOf(process.getKey());
                own += used - compiled;
                compilers += compiled;
            }
        }
        return new Cpu(own, compilers, all);
    }

    /** Names by pid. */
    private Map<String, String> processes() throws Exception {
        Process process = new ProcessBuilder(nephos, "status", "--pids").start();
        Map<String, String> all = new HashMap<>();
        new String(process.getInputStream().readAllBytes())
                .lines()
                .map(line -> line.strip().split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> all.put(words[0], words[1]));
        process.waitFor();
        return all;
    }

    private static double compilersOf(String pid) {
        double seconds = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", pid, "task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).contains("CompilerThre")) {
                    seconds += cpuOf(thread);
                }
            }
        } catch (IOException gone) {
            return seconds;
        }
        return seconds;
    }

    /** Of a process or of a thread. */
    private static double cpuOf(Path one) {
        try {
            String stat = Files.readString(one.resolve("stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / 100.0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
