package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.FlavorSpec;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WishesTest {
    private static final ClaimRequest CLAIM = ClaimRequest.newBuilder()
            .setConsumerId("c")
            .setProjectId("p")
            .setUserId("u")
            .putResources("VCPU", 1)
            .addRequiredTraits("HW_CPU_X86_AVX2")
            .setAvailabilityZone("az-1")
            .addExcludedHosts("h9")
            .setForcedHost("h1")
            .setServerGroup(ServerGroupHint.newBuilder()
                    .setGroupId("g")
                    .setPolicy("affinity")
                    .addMemberHosts("h2"))
            .setFlavor(FlavorSpec.newBuilder().setName("m1").putExtraSpecs("hw:cpu_policy", "dedicated"))
            .build();

    @Test
    void aWishIsTheClaimWithoutWhatWasItsMomentsAndItsConsumersOwn() {
        assertEquals(
                "{\"requiredTraits\":[\"HW_CPU_X86_AVX2\"],\"availabilityZone\":\"az-1\","
                        + "\"serverGroup\":{\"groupId\":\"g\",\"policy\":\"affinity\"},"
                        + "\"flavor\":{\"name\":\"m1\",\"extraSpecs\":{\"hw:cpu_policy\":\"dedicated\"}}}",
                Wishes.text(CLAIM));
    }

    @Test
    void aClaimThatAsksForNothingAsksAgainAndOneThatAsksForSomethingDoesNot() {
        ClaimRequest bare = ClaimRequest.newBuilder()
                .setConsumerId("c")
                .putResources("VCPU", 2)
                .addExcludedHosts("h1")
                .build();
        ClaimRequest again = Wishes.again(bare, Optional.of(Wishes.text(CLAIM)));
        assertEquals(Wishes.text(CLAIM), Wishes.text(again));
        assertEquals(2, again.getResourcesOrThrow("VCPU"));
        assertEquals("h1", again.getExcludedHosts(0));
        ClaimRequest resized = bare.toBuilder()
                .setFlavor(FlavorSpec.newBuilder().setName("m2"))
                .build();
        assertEquals(resized, Wishes.again(resized, Optional.of(Wishes.text(CLAIM))));
        assertEquals(bare, Wishes.again(bare, Optional.empty()));
    }
}
