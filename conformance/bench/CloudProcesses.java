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

    /** CPU seconds until now: of that service, and of all. */
    double[] cpuSeconds(String service) throws Exception {
        double[] seconds = new double[2];
        for (Map.Entry<String, String> process : processes().entrySet()) {
            double used = cpuOf(process.getKey());
            seconds[0] += process.getValue().equals(service) ? used : 0;
            seconds[1] += used;
        }
        return seconds;
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

    private static double cpuOf(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(words[11]) + Long.parseLong(words[12])) / 100.0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
