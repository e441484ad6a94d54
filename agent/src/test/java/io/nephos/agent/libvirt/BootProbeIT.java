package io.nephos.agent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf("io.nephos.agent.libvirt.BootProbeIT#qemuIsHere")
final class BootProbeIT {
    @TempDir
    private Path state = Path.of("");

    static boolean qemuIsHere() {
        return java.nio.file.Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64"));
    }

    @Test
    void theProbeBootsWhereGuestsDo() throws IOException {
        assertTrue(new BootProbe("auto", state).boots("tcg", "Nehalem"));
        assertTrue(new BootProbe("auto", state).boots("tcg", "max"));
    }

    @Test
    void theProbeDoesNotBootUnderWhatIsNotThere() throws IOException {
        assertFalse(new BootProbe("auto", state).boots("nothing-like-this", "Nehalem"));
    }

    @Test
    void theAnswerIsTheSameAfterARestart() {
        VirtType first = new BootProbe("auto", state).virtType();
        assertEquals(first, new BootProbe("auto", state).virtType());
    }
}
