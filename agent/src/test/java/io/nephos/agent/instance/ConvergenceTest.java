package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.nephos.agent.fake.FakeBridge;
import io.nephos.agent.fake.FakeDisks;
import io.nephos.agent.fake.FakeFault;
import io.nephos.agent.fake.FakeHypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.image.ImageFault;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.metadata.MetadataNetworks;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.common.v1.RbdLocation;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Convergence over the fake hypervisor: every fault and every interruption is made good by the same call. */
final class ConvergenceTest {
    private static final ByteString IMAGE = ByteString.copyFromUtf8("an image");
    private static final Runnable GO_ON = () -> {};

    /** What is cloned, by instance; the test's own fake of a cluster. */
    private final Map<String, String> cloned = new HashMap<>();

    private boolean clusterFull;

    private final ClonedDisks clones = new ClonedDisks() {
        @Override
        public boolean fits(ImageRef image) {
            return image.hasRbd();
        }

        @Override
        public void ensure(String instanceId, ImageRef image, long gib) {
            cloned.put(instanceId, image.getRbd().getImage());
            if (clusterFull) {
                throw new ImageFault.NoSpace("full");
            }
        }

        @Override
        public RootDisk disk(String instanceId) {
            return new RootDisk.InCeph("vms", instanceId);
        }

        @Override
        public void remove(String instanceId) {
            cloned.remove(instanceId);
        }
    };

    @TempDir
    private Path state = Path.of("");

    private static InstanceSpec.Builder spec() throws Exception {
        InstanceSpec.Builder spec = Specs.running().addPorts(Specs.port(1)).addVolumes(Specs.volume(1));
        spec.getImageBuilder()
                .setSha512(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-512").digest(IMAGE.toByteArray())))
                .setSizeBytes(IMAGE.size());
        return spec;
    }

    private FakeHypervisor hypervisor(String fault) {
        return new FakeHypervisor(state, FakeFault.of(fault, ".*"));
    }

    private Convergence convergence(FakeHypervisor hypervisor) {
        InstanceStore store = new InstanceStore(state);
        ImageCache images = new ImageCache(
                state.resolve("images"),
                (ticket, offset) -> List.of(IMAGE.substring((int) offset)).iterator(),
                store::imagesInUse,
                Clock.systemUTC(),
                new ImageCache.Limits(Duration.ofHours(1), 0));
        return new Convergence(
                hypervisor,
                new FakeBridge(),
                store,
                images,
                new FakeDisks(),
                clones,
                new GuestMetadata(MetadataNetworks.NONE),
                new Convergence.Patience(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    }

    @Test
    void theSameCallAgainChangesNothing() throws Exception {
        FakeHypervisor hypervisor = hypervisor("none");
        Convergence convergence = convergence(hypervisor);
        Instance instance = new Instance(spec().build());
        assertTrue(convergence.ensure(instance, GO_ON));
        assertFalse(convergence.ensure(instance, GO_ON));
        assertEquals(1, hypervisor.find(instance.spec().getId()).orElseThrow().generation());
    }

    @Test
    void aKillAtAnyPointIsMadeGoodByTheSameCallToANewAgent() throws Exception {
        for (int point = 0; point < 7; point++) {
            Instance instance = new Instance(spec().build());
            int limit = point;
            int[] passed = {0};
            Convergence killed = convergence(hypervisor("none"));
            try {
                killed.ensure(instance, () -> {
                    if (passed[0]++ == limit) {
                        throw new IllegalStateException("killed");
                    }
                });
            } catch (IllegalStateException e) {
                assertEquals("killed", e.getMessage());
            }
            FakeHypervisor hypervisor = hypervisor("none");
            Convergence next = convergence(hypervisor);
            next.ensure(instance, GO_ON);
            assertEquals(
                    Power.RUNNING,
                    hypervisor.find(instance.spec().getId()).orElseThrow().power());
            assertFalse(next.ensure(instance, GO_ON));
            assertTrue(next.remove(instance.spec().getId()));
            assertEquals(List.of(), hypervisor.list());
            assertEquals(List.of(), new InstanceStore(state).ids());
        }
    }

    @Test
    void aCallThatTimedOutAfterItTookEffectIsFoundDone() throws Exception {
        FakeHypervisor hypervisor = hypervisor("times-out-after-effect");
        Convergence convergence = convergence(hypervisor);
        Instance instance = new Instance(spec().build());
        assertThrows(HypervisorException.Unavailable.class, () -> convergence.ensure(instance, GO_ON));
        assertTrue(convergence.ensure(instance, GO_ON));
        assertEquals(1, hypervisor.find(instance.spec().getId()).orElseThrow().generation());
    }

    @Test
    void aGuestThatDoesNotBootIsRefusedAndCanBeRemoved() throws Exception {
        FakeHypervisor hypervisor = hypervisor("boot-fails");
        Convergence convergence = convergence(hypervisor);
        Instance instance = new Instance(spec().build());
        assertThrows(HypervisorException.Refused.class, () -> convergence.ensure(instance, GO_ON));
        assertTrue(convergence.remove(instance.spec().getId()));
        assertEquals(List.of(), hypervisor.list());
    }

    @Test
    void aHostThatVanishedAnswersNothingMore() throws Exception {
        FakeHypervisor hypervisor = hypervisor("host-vanishes");
        Convergence convergence = convergence(hypervisor);
        Instance instance = new Instance(spec().build());
        assertThrows(HypervisorException.Unavailable.class, () -> convergence.ensure(instance, GO_ON));
        assertThrows(HypervisorException.Unavailable.class, hypervisor::list);
    }

    @Test
    void aDiskIsClonedOnceWhereTheImageLiesAndGoesWithTheInstance() throws Exception {
        InstanceSpec.Builder spec = spec();
        spec.getImageBuilder()
                .setSha512("ab".repeat(64))
                .setRbd(RbdLocation.newBuilder().setImage("i").setSnapshot("snap"));
        clusterFull = true;
        assertThrows(
                ImageFault.NoSpace.class,
                () -> convergence(hypervisor("none")).ensure(new Instance(spec.build()), GO_ON));
        assertTrue(convergence(hypervisor("none")).remove(spec.getId()));
        assertEquals(Map.of(), cloned);
        clusterFull = false;
        assertTrue(convergence(hypervisor("none")).ensure(new Instance(spec.build()), GO_ON));
        assertEquals(Map.of(spec.getId(), "i"), cloned);
        // Later compute says no more where the image lies.
        spec.getImageBuilder().clearRbd().clearTicket();
        assertFalse(convergence(hypervisor("none")).ensure(new Instance(spec.build()), GO_ON));
        assertTrue(convergence(hypervisor("none")).remove(spec.getId()));
        assertEquals(Map.of(), cloned);
    }

    @Test
    void devicesComeAndGoWithTheirGenerations() throws Exception {
        FakeHypervisor hypervisor = hypervisor("none");
        Convergence convergence = convergence(hypervisor);
        String id = spec().getId();
        convergence.ensure(new Instance(spec().build()), GO_ON);
        convergence.ensure(
                new Instance(spec().setGeneration(2)
                        .clearVolumes()
                        .addPorts(Specs.port(2))
                        .build()),
                GO_ON);
        assertEquals(2, hypervisor.find(id).orElseThrow().live().ports().size());
        assertEquals(List.of(), hypervisor.find(id).orElseThrow().live().volumes());
        assertThrows(Fencing.Stale.class, () -> convergence.ensure(new Instance(spec().build()), GO_ON));
        convergence.ensure(
                new Instance(spec().setGeneration(3)
                        .setPowerState(PowerState.POWER_STATE_SHUTOFF)
                        .build()),
                GO_ON);
        assertEquals(Power.SHUTOFF, hypervisor.find(id).orElseThrow().power());
    }
}
