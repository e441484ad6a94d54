package io.nephos.agent.instance;

import com.google.protobuf.ByteString;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceMetadata;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.NbdConnection;
import io.nephos.contracts.agent.v1.PortSpec;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.agent.v1.VolumeSpec;

/** Wishes as compute sends them. */
public final class Specs {
    private Specs() {}

    public static InstanceSpec.Builder running() {
        return InstanceSpec.newBuilder()
                .setId("1a2b3c4d-0000-4000-8000-000000000001")
                .setGeneration(1)
                .setProjectId("p1")
                .setName("instance-1a2b3c4d")
                .setVcpus(2)
                .setMemoryMib(256)
                .setRootDiskGib(1)
                .setImage(ImageRef.newBuilder()
                        .setId("99999999-0000-4000-8000-000000000001")
                        .setSha512("ab".repeat(64))
                        .setDiskFormat("qcow2"))
                .setPowerState(PowerState.POWER_STATE_RUNNING)
                .setMetadata(InstanceMetadata.newBuilder()
                        .setHostname("web-1")
                        .putMeta("role", "web")
                        .putPublicKeys("laptop", "ssh-ed25519 AAAA me")
                        .setUserData(ByteString.copyFromUtf8("#!/bin/sh\necho hi\n"))
                        .setAvailabilityZone("nova")
                        .setFlavorName("m1.tiny")
                        .addSecurityGroups("default"));
    }

    public static PortSpec port(int number) {
        return PortSpec.newBuilder()
                .setId("bbbbbbbb-0000-4000-8000-%012d".formatted(number))
                .setMacAddress("fa:16:3e:00:00:%02x".formatted(number))
                .setMtu(1442)
                .setNetworkId("cccccccc-0000-4000-8000-000000000001")
                .addFixedIps("10.0.0." + number)
                .build();
    }

    public static VolumeSpec volume(int number) {
        return VolumeSpec.newBuilder()
                .setAttachmentId("dddddddd-0000-4000-8000-%012d".formatted(number))
                .setVolumeId("eeeeeeee-0000-4000-8000-%012d".formatted(number))
                .setBootIndex(-1)
                .setNbd(NbdConnection.newBuilder()
                        .setHost("10.77.0.1")
                        .setPort(10809)
                        .setExport("vol-" + number)
                        .setTlsHostname("block"))
                .build();
    }
}
