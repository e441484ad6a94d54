package io.nephos.agent.fake;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.hypervisor.HypervisorKind;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Domains without guests. As with libvirt: domains outlive the agent (here in a file that is replaced whole at each
 * change), a definition is apart from what is plugged, starting what runs and cutting the power of what is off succeed.
 * Unlike libvirt: guests obey at once, nothing needs a disk, a bridge or memory. It fails as its {@link FakeFault} says.
 * A guest "shuts itself down" when a file {@code <id>.poweroff} appears beside the file of domains.
 */
public final class FakeHypervisor implements Hypervisor {
    private final Path file;
    private final FakeFault fault;
    private final Map<String, FakeDomain> domains = new LinkedHashMap<>();
    private final Map<String, Long> reboots = new LinkedHashMap<>();
    private Consumer<String> listener = id -> {};
    private boolean vanished;
    private boolean timedOut;

    public FakeHypervisor(Path state, FakeFault fault) {
        this.file = state.resolve("fake-domains.json");
        this.fault = fault;
        try {
            Files.createDirectories(state);
            if (Files.exists(file)) {
                for (Object domain : new JsonArray(Files.readString(file))) {
                    FakeDomain read = FakeDomain.fromJson((JsonObject) domain);
                    domains.put(read.state().id(), read);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public HypervisorKind kind() {
        return new HypervisorKind("fake", 1_000_000, "fake", false);
    }

    @Override
    public synchronized void check() {
        if (vanished) {
            throw new HypervisorException.Unavailable("the fake host has vanished");
        }
    }

    @Override
    public synchronized List<ObservedDomain> list() {
        check();
        obeyPowerButtons();
        return domains.values().stream().map(FakeDomain::state).toList();
    }

    @Override
    public synchronized Optional<ObservedDomain> find(String id) {
        check();
        obeyPowerButtons();
        return Optional.ofNullable(domains.get(id)).map(FakeDomain::state);
    }

    @Override
    public synchronized void define(DomainSpec spec) {
        check();
        FakeDomain known = domains.get(spec.id());
        domains.put(
                spec.id(),
                known == null
                        ? FakeDomain.defined(spec, 0, Power.SHUTOFF, Devices.NONE, false)
                        : FakeDomain.defined(
                                spec,
                                known.state().generation(),
                                known.state().power(),
                                known.state().live(),
                                known.state().offByGuest()));
        save();
    }

    @Override
    public void mark(String id, long generation) {
        change(id, domain -> domain.marked(generation));
    }

    @Override
    public synchronized void start(String id) {
        FakeDomain domain = domain(id);
        if (domain.state().power().on()) {
            return;
        }
        if (fault.strikes(FakeFault.Kind.BOOT_FAILS, domain.title())) {
            throw new HypervisorException.Refused("start " + id + ": the fake guest does not boot");
        }
        if (fault.strikes(FakeFault.Kind.HOST_VANISHES, domain.title())) {
            vanished = true;
            check();
        }
        change(id, FakeDomain::started);
        if (!timedOut && fault.strikes(FakeFault.Kind.TIMES_OUT_AFTER_EFFECT, domain.title())) {
            timedOut = true;
            throw new HypervisorException.Unavailable("start " + id + ": no answer in time");
        }
    }

    @Override
    public synchronized void powerOff(String id) {
        check();
        FakeDomain domain = domains.get(id);
        if (domain != null && domain.state().power().on()) {
            change(id, known -> known.stopped(false));
        }
    }

    @Override
    public void pressPowerButton(String id) {
        change(id, domain -> domain.state().power().on() ? domain.stopped(true) : domain);
    }

    @Override
    public synchronized void askToReboot(String id) {
        domain(id);
        reboots.merge(id, 1L, Long::sum);
    }

    @Override
    public synchronized void reset(String id) {
        askToReboot(id);
    }

    @Override
    public void suspend(String id) {
        change(id, domain -> domain.with(Power.PAUSED, false, domain.state().live()));
    }

    @Override
    public void resume(String id) {
        change(id, domain -> domain.with(Power.RUNNING, false, domain.state().live()));
    }

    @Override
    public void attachPort(String id, PortDevice port) {
        change(
                id,
                domain -> domain.plugged(
                        live -> new Devices(appended(live.ports(), port), live.volumes(), live.targets())));
    }

    @Override
    public void detachPort(String id, String portId) {
        change(
                id,
                domain -> domain.plugged(live -> new Devices(
                        live.ports().stream()
                                .filter(port -> !port.id().equals(portId))
                                .toList(),
                        live.volumes(),
                        live.targets())));
    }

    @Override
    public void attachVolume(String id, VolumeDevice volume) {
        change(
                id,
                domain -> domain.plugged(live -> new Devices(
                        live.ports(), appended(live.volumes(), volume), appended(live.targets(), volume.target()))));
    }

    @Override
    public void detachVolume(String id, String attachmentId) {
        change(
                id,
                domain -> domain.plugged(live -> {
                    List<VolumeDevice> left = live.volumes().stream()
                            .filter(volume -> !volume.attachmentId().equals(attachmentId))
                            .toList();
                    List<String> targets = new ArrayList<>(List.of("vda"));
                    left.forEach(volume -> targets.add(volume.target()));
                    return new Devices(live.ports(), left, targets);
                }));
    }

    @Override
    public synchronized void undefine(String id) {
        check();
        reboots.remove(id);
        if (domains.remove(id) != null) {
            save();
            tell(id);
        }
    }

    @Override
    public synchronized long rebootsSeen(String id) {
        return reboots.getOrDefault(id, 0L);
    }

    @Override
    public synchronized void onChange(Consumer<String> newListener) {
        listener = newListener;
    }

    @Override
    public void close() {}

    private FakeDomain domain(String id) {
        check();
        FakeDomain domain = domains.get(id);
        if (domain == null) {
            throw new HypervisorException.Gone("no fake domain " + id);
        }
        return domain;
    }

    private synchronized void change(String id, UnaryOperator<FakeDomain> change) {
        domains.put(id, change.apply(domain(id)));
        save();
        tell(id);
    }

    private void tell(String id) {
        Consumer<String> told = listener;
        Thread.startVirtualThread(() -> told.accept(id));
    }

    private void obeyPowerButtons() {
        for (FakeDomain domain : List.copyOf(domains.values())) {
            String id = domain.state().id();
            try {
                if (Files.deleteIfExists(file.resolveSibling(id + ".poweroff"))
                        && domain.state().power().on()) {
                    change(id, known -> known.stopped(true));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void save() {
        JsonArray all = new JsonArray();
        domains.values().forEach(domain -> all.add(domain.toJson()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, all.encode());
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> List<T> appended(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
