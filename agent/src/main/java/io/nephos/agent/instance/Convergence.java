package io.nephos.agent.instance;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.Disks;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.ovs.IntegrationBridge;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Takes the steps. Each is idempotent and what it leaves behind is found again by the next call, so that a kill between
 * any two of them costs nothing but the repetition.
 */
final class Convergence {
    private static final Logger LOG = Logger.getLogger(Convergence.class);
    // A step may uncover another (a guest that stops while ports are plugged); more rounds mean that something fights.
    private static final int MAX_ROUNDS = 4;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    private final Hypervisor hypervisor;
    private final IntegrationBridge bridge;
    private final InstanceStore store;
    private final ImageCache images;
    private final Disks disks;
    private final ClonedDisks clones;
    private final GuestMetadata metadata;
    private final Patience patience;
    private final Map<String, Instant> stopsBegan = new ConcurrentHashMap<>();

    /** How long guests may take. */
    record Patience(Duration shutdown, Duration detach) {}

    Convergence(
            Hypervisor hypervisor,
            IntegrationBridge bridge,
            InstanceStore store,
            ImageCache images,
            Disks disks,
            ClonedDisks clones,
            GuestMetadata metadata,
            Patience patience) {
        this.hypervisor = hypervisor;
        this.bridge = bridge;
        this.store = store;
        this.images = images;
        this.disks = disks;
        this.clones = clones;
        this.metadata = metadata;
        this.patience = patience;
    }

    /** True when anything was not as it should be. {@code proceed} throws when the call must be given up. */
    boolean ensure(Instance instance, Runnable proceed) {
        InstanceSpec spec = instance.spec();
        String id = spec.getId();
        Optional<ObservedDomain> observed = hypervisor.find(id);
        Fencing.check(
                spec, store.spec(id), observed.map(ObservedDomain::generation).orElse(0L));
        boolean changed = store.save(spec);
        changed |= ensureDisk(spec, proceed);
        Path console = store.console(id);
        metadata.serve(spec);
        DomainSpec domain = instance.domain(rootDisk(spec), console);
        changed |= follow(instance, domain, observed, proceed);
        proceed.run();
        ObservedDomain reached = hypervisor.find(id).orElseThrow(() -> new InstanceLocks.Busy(id + " vanished"));
        changed |= replug(reached);
        if (reached.generation() != spec.getGeneration()) {
            hypervisor.mark(id, spec.getGeneration());
            changed = true;
        }
        return changed;
    }

    private boolean ensureDisk(InstanceSpec spec, Runnable proceed) {
        Path disk = store.disk(spec.getId());
        if (!spec.hasImage() || Files.exists(disk) || store.cloned(spec.getId())) {
            return false;
        }
        ImageRef image = spec.getImage();
        if (clones.fits(image)) {
            store.beginClone(spec.getId());
            clones.ensure(spec.getId(), image, spec.getRootDiskGib());
            store.endClone(spec.getId());
            return true;
        }
        Path base = images.ensure(image.getSha512(), image.getSizeBytes(), image.getTicket(), proceed);
        proceed.run();
        disks.overlay(base, image.getDiskFormat(), spec.getRootDiskGib(), disk);
        return true;
    }

    private RootDisk rootDisk(InstanceSpec spec) {
        if (!spec.hasImage()) {
            return new RootDisk.None();
        }
        return store.cloned(spec.getId()) ? clones.disk(spec.getId()) : new RootDisk.InFile(store.disk(spec.getId()));
    }

    private boolean follow(Instance instance, DomainSpec domain, Optional<ObservedDomain> first, Runnable proceed) {
        Optional<ObservedDomain> observed = first;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Step> steps = instance.plan(observed, domain);
            if (steps.isEmpty()) {
                return round > 0;
            }
            for (Step step : steps) {
                proceed.run();
                LOG.infof("%s: %s", domain.id(), step.getClass().getSimpleName());
                if (step instanceof Step.Start && first.isEmpty()) {
                    hypervisor.start(domain.id()); // it never ran here: nothing of it can be on the bridge
                } else {
                    take(domain.id(), step, proceed);
                }
            }
            observed = hypervisor.find(domain.id());
        }
        List<Step> left = instance.plan(observed, domain);
        if (!left.isEmpty()) {
            throw new InstanceLocks.Busy("instance " + domain.id() + " does not stay as it is put: " + left);
        }
        return true;
    }

    private void take(String id, Step step, Runnable proceed) {
        switch (step) {
            case Step.Define define -> hypervisor.define(define.domain());
            case Step.Start ignored -> start(id);
            case Step.Stop ignored -> stop(id, proceed);
            case Step.Suspend ignored -> hypervisor.suspend(id);
            case Step.Resume ignored -> hypervisor.resume(id);
            case Step.AttachPort attach -> hypervisor.attachPort(id, attach.port());
            case Step.AttachVolume attach -> hypervisor.attachVolume(id, attach.volume());
            case Step.DetachPort detach -> {
                detach(
                        id,
                        () -> hypervisor.detachPort(id, detach.portId()),
                        () -> live(id).hasPort(detach.portId()),
                        proceed);
                unplugLeftOver(detach.portId());
            }
            case Step.DetachVolume detach ->
                detach(
                        id,
                        () -> hypervisor.detachVolume(id, detach.attachmentId()),
                        () -> live(id).hasVolume(detach.attachmentId()),
                        proceed);
        }
    }

    private void start(String id) {
        stopsBegan.remove(id);
        // A tap that a killed libvirtd left on the bridge makes the start fail with "File exists".
        bridge.unplug(bridge.devicesOf(id));
        hypervisor.start(id);
    }

    /** The guest may not be listening yet: the button is pressed again and again, until patience ends. */
    private void stop(String id, Runnable proceed) {
        // Remembered between calls: a caller with a short deadline would else begin anew each time.
        Instant end = stopsBegan.computeIfAbsent(id, key -> Instant.now()).plus(patience.shutdown());
        Instant press = Instant.MIN;
        for (Power power = power(id); power.on(); power = power(id)) {
            Instant now = Instant.now();
            if (power != Power.RUNNING || now.isAfter(end)) {
                hypervisor.powerOff(id);
            } else if (now.isAfter(press)) {
                hypervisor.pressPowerButton(id);
                press = now.plus(ASK_AGAIN);
            }
            pause(proceed);
        }
        stopsBegan.remove(id);
    }

    private void detach(String id, Runnable ask, BooleanSupplier present, Runnable proceed) {
        Instant end = Instant.now().plus(patience.detach());
        Instant again = Instant.MIN;
        while (present.getAsBoolean()) {
            Instant now = Instant.now();
            if (now.isAfter(end)) {
                throw new InstanceLocks.Busy("the guest of " + id + " has not let go of a device");
            }
            if (now.isAfter(again)) {
                ask.run();
                again = now.plus(ASK_AGAIN);
            }
            pause(proceed);
        }
    }

    private void unplugLeftOver(String portId) {
        bridge.unplug(List.of(new PortDevice(portId, "", 0).tap()));
    }

    /** Ports that fell off the bridge, as when its database was made anew, are put back. */
    private boolean replug(ObservedDomain domain) {
        boolean changed = false;
        for (PortDevice port : domain.live().ports()) {
            if (!bridge.plugged(port.tap(), port.id())) {
                bridge.plug(port.tap(), port.id(), port.mac(), domain.id());
                changed = true;
            }
        }
        return changed;
    }

    /** Restarts the guest. One that is off is started. */
    void reboot(String id, boolean hard, Runnable proceed) {
        if (!power(id).on()) {
            start(id);
        } else if (hard) {
            hypervisor.powerOff(id);
            start(id);
        } else {
            askToReboot(id, proceed);
        }
    }

    private void askToReboot(String id, Runnable proceed) {
        long before = hypervisor.rebootsSeen(id);
        Instant end = Instant.now().plus(patience.shutdown());
        Instant ask = Instant.MIN;
        while (hypervisor.rebootsSeen(id) == before) {
            Instant now = Instant.now();
            Power power = power(id);
            if (!power.on()) {
                start(id);
                return;
            }
            if (now.isAfter(end) || power != Power.RUNNING) {
                hypervisor.reset(id);
                return;
            }
            if (now.isAfter(ask)) {
                hypervisor.askToReboot(id);
                ask = now.plus(ASK_AGAIN);
            }
            pause(proceed);
        }
    }

    /** True when there was anything to remove. */
    boolean remove(String id) {
        boolean changed = hypervisor.find(id).isPresent();
        List<String> devices = new ArrayList<>(bridge.devicesOf(id));
        store.spec(id)
                .ifPresent(spec ->
                        spec.getPortsList().forEach(port -> devices.add(new PortDevice(port.getId(), "", 0).tap())));
        hypervisor.powerOff(id);
        hypervisor.undefine(id);
        bridge.unplug(devices);
        metadata.forget(id);
        stopsBegan.remove(id);
        if (store.mayBeCloned(id)) {
            clones.remove(id);
        }
        return store.delete(id) || changed;
    }

    private Power power(String id) {
        return hypervisor.find(id).map(ObservedDomain::power).orElse(Power.SHUTOFF);
    }

    private ObservedDomain.Devices live(String id) {
        return hypervisor.find(id).map(ObservedDomain::live).orElse(ObservedDomain.Devices.NONE);
    }

    private static void pause(Runnable proceed) {
        proceed.run();
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InstanceLocks.Busy("interrupted");
        }
    }
}
