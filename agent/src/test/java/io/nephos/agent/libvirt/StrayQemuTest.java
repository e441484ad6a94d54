package io.nephos.agent.libvirt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StrayQemuTest {
    @Test
    void aGuestsProcessIsKnownByItsUuid() {
        List<String> qemu = List.of("/usr/bin/qemu-system-x86_64", "-name", "x", "-uuid", "u-1", "-m", "1");
        assertTrue(StrayQemu.isGuest(qemu, "u-1"));
        assertFalse(StrayQemu.isGuest(qemu, "u-2"));
        assertFalse(StrayQemu.isGuest(List.of("vim", "-uuid", "u-1"), "u-1"));
        assertFalse(StrayQemu.isGuest(List.of("qemu-system-x86_64", "-uuid"), "u-1"));
        assertFalse(StrayQemu.isGuest(List.of(""), "u-1"));
    }
}
