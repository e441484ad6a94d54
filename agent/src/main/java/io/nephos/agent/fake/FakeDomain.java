package io.nephos.agent.fake;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.agent.hypervisor.VolumeSource;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A domain of the fake hypervisor. Pure; what a step makes of it is a new one. */
record FakeDomain(String title, ObservedDomain state) {

    static FakeDomain defined(DomainSpec spec, long generation, Power power, Devices live, boolean offByGuest) {
        List<String> targets = Stream.concat(
                        Stream.of("vda"), spec.volumes().stream().map(VolumeDevice::target))
                .toList();
        return new FakeDomain(
                spec.title(),
                new ObservedDomain(
                        spec.id(),
                        spec.name(),
                        generation,
                        spec.fingerprint(),
                        power,
                        offByGuest,
                        new Devices(spec.ports(), spec.volumes(), targets),
                        live));
    }

    FakeDomain with(Power power, boolean offByGuest, Devices live) {
        return new FakeDomain(
                title,
                new ObservedDomain(
                        state.id(),
                        state.name(),
                        state.generation(),
                        state.fingerprint(),
                        power,
                        offByGuest,
                        state.configured(),
                        live));
    }

    FakeDomain started() {
        return with(Power.RUNNING, false, state.configured());
    }

    FakeDomain stopped(boolean byGuest) {
        return with(Power.SHUTOFF, byGuest, Devices.NONE);
    }

    FakeDomain marked(long generation) {
        return new FakeDomain(
                title,
                new ObservedDomain(
                        state.id(),
                        state.name(),
                        generation,
                        state.fingerprint(),
                        state.power(),
                        state.offByGuest(),
                        state.configured(),
                        state.live()));
    }

    FakeDomain plugged(Function<Devices, Devices> change) {
        return with(state.power(), state.offByGuest(), change.apply(state.live()));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("title", title)
                .put("id", state.id())
                .put("name", state.name())
                .put("generation", state.generation())
                .put("fingerprint", state.fingerprint())
                .put("power", state.power().name())
                .put("offByGuest", state.offByGuest())
                .put("configured", json(state.configured()))
                .put("live", json(state.live()));
    }

    static FakeDomain fromJson(JsonObject json) {
        return new FakeDomain(
                json.getString("title"),
                new ObservedDomain(
                        json.getString("id"),
                        json.getString("name"),
                        json.getLong("generation"),
                        json.getString("fingerprint"),
                        Power.valueOf(json.getString("power")),
                        json.getBoolean("offByGuest"),
                        devices(json.getJsonObject("configured")),
                        devices(json.getJsonObject("live"))));
    }

    private static JsonObject json(Devices devices) {
        JsonArray ports = new JsonArray();
        devices.ports()
                .forEach(port -> ports.add(new JsonObject()
                        .put("id", port.id())
                        .put("mac", port.mac())
                        .put("mtu", port.mtu())));
        JsonArray volumes = new JsonArray();
        devices.volumes()
                .forEach(volume -> volumes.add(new JsonObject()
                        .put("attachment", volume.attachmentId())
                        .put("volume", volume.volumeId())
                        .put("target", volume.target())
                        .put("boot", volume.bootIndex())
                        .put("readOnly", volume.readOnly())
                        .mergeIn(json(volume.source()))));
        return new JsonObject()
                .put("ports", ports)
                .put("volumes", volumes)
                .put("targets", new JsonArray(new ArrayList<>(devices.targets())));
    }

    private static JsonObject json(VolumeSource source) {
        return switch (source) {
            case VolumeSource.Nbd nbd ->
                new JsonObject()
                        .put("host", nbd.host())
                        .put("port", nbd.port())
                        .put("export", nbd.export())
                        .put("tls", nbd.tlsHostname());
            case VolumeSource.Ceph ceph ->
                new JsonObject().put("pool", ceph.pool()).put("image", ceph.image());
        };
    }

    private static VolumeSource source(JsonObject volume) {
        return volume.containsKey("pool")
                ? new VolumeSource.Ceph(volume.getString("pool"), volume.getString("image"))
                : new VolumeSource.Nbd(
                        volume.getString("host"),
                        volume.getInteger("port"),
                        volume.getString("export"),
                        volume.getString("tls"));
    }

    private static Devices devices(JsonObject json) {
        return new Devices(
                objects(json.getJsonArray("ports"))
                        .map(port ->
                                new PortDevice(port.getString("id"), port.getString("mac"), port.getInteger("mtu")))
                        .toList(),
                objects(json.getJsonArray("volumes"))
                        .map(volume -> new VolumeDevice(
                                volume.getString("attachment"),
                                volume.getString("volume"),
                                volume.getString("target"),
                                volume.getInteger("boot"),
                                volume.getBoolean("readOnly", false),
                                source(volume)))
                        .toList(),
                json.getJsonArray("targets").stream().map(String.class::cast).toList());
    }

    private static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }
}
