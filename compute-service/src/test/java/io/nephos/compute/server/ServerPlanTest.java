package io.nephos.compute.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.compute.api.Json;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerPlanTest {
    @Test
    void aNewServerTakesTheStepsOfABuildInTheirOrder() {
        assertEquals(
                List.of(
                        Step.CLAIM_HOST,
                        Step.ENSURE_PORTS,
                        Step.BIND_PORTS,
                        Step.EXPORT_VOLUMES,
                        Step.ENSURE_INSTANCE,
                        Step.AWAIT_PORTS,
                        Step.COMPLETE_VOLUMES,
                        Step.FINISH_BUILD,
                        Step.REST),
                new World(Servers.fresh(1)).runToRest());
    }

    @Test
    void aServerThatWasDeletedBeforeItHadAHostIsForgottenWithoutAskingAnAgent() {
        Server server = Servers.fresh(1);
        server.delete(Servers.NOW);
        List<Step> steps = new World(server).runToRest();
        assertFalse(steps.contains(Step.REMOVE_INSTANCE));
        assertEquals(Step.FORGET, steps.getLast());
    }

    @Test
    void wheneverItIsDeletedEverythingIsGivenBackBeforeTheRowGoes() {
        for (int after = 0; after < 12; after++) {
            World world = new World(Servers.fresh(2));
            world.take(after);
            world.server.delete(Servers.NOW);
            List<Step> steps = world.runToRest();
            assertEquals(Step.FORGET, steps.getLast(), "deleted after " + after + " steps");
            assertTrue(world.nothingHeld(), "deleted after " + after + " steps: " + steps);
        }
    }

    @Test
    void aFailedHostIsGivenBackAndTheNextOneIsTaken() {
        World world = new World(Servers.fresh(1));
        world.take(5);
        world.server.hostFailed("libvirt says no", Servers.NOW);
        assertEquals(Step.REMOVE_INSTANCE, world.next());
        List<Step> steps = world.runToRest();
        assertTrue(steps.contains(Step.CLAIM_HOST));
        assertTrue(steps.contains(Step.BIND_PORTS), "the ports move with it");
        assertTrue(steps.contains(Step.EXPORT_VOLUMES), "and so do the volumes");
        assertEquals(List.of("h1"), Json.list(world.server.row().excludedHosts));
        assertEquals(ServerStatus.ACTIVE, world.server.status());
    }

    @Test
    void afterThreeHostsTheServerIsInErrorHoldsNothingAndSaysWhy() {
        World world = new World(Servers.fresh(1));
        for (int host = 0; host < Server.MAX_HOSTS; host++) {
            while (world.next() != Step.ENSURE_INSTANCE) {
                world.apply(world.next());
            }
            world.apply(Step.ENSURE_INSTANCE);
            world.server.hostFailed("the disk is full", Servers.NOW);
        }
        world.runToRest();
        assertEquals(ServerStatus.ERROR, world.server.status());
        assertTrue(world.server.row().faultMessage.contains("the disk is full"));
        assertTrue(world.nothingHeld());
    }

    @Test
    void aBuildThatTakesTooLongIsGivenUp() {
        Server server = Servers.fresh(0);
        assertEquals(Step.GIVE_UP, ServerPlan.next(server, Servers.NOW.plus(Server.BUILD_TIME)));
    }

    @Test
    void aDeletedServerWaitsForItsHostButAFailedOneLeavesANote() {
        World world = new World(Servers.fresh(0));
        world.take(4);
        OffsetDateTime late = Servers.NOW.plusHours(1);
        world.server.hostFailed("away", Servers.NOW);
        assertEquals(Step.LEAVE_RESIDUE, ServerPlan.next(world.server, late));
        world.server.delete(Servers.NOW);
        assertEquals(Step.REMOVE_INSTANCE, ServerPlan.next(world.server, late));
    }

    @Test
    void aServerAtRestNeedsNothing() {
        assertEquals(Step.REST, ServerPlan.next(Servers.running(), Servers.NOW));
    }

    @Test
    void whatTheHostLetGoOfIsReturnedAndNotBefore() {
        Server server = Servers.running();
        var volume = Servers.volume(server.row().id);
        volume.exportedHost = "h1";
        volume.attached = true;
        server.volumes().add(volume);
        server.redefine(Servers.NOW);
        volume.leaving = true;
        volume.leavingAt = server.row().generation;
        assertEquals(Step.ENSURE_INSTANCE, ServerPlan.next(server, Servers.NOW));
        server.row().observedGeneration = server.row().generation;
        assertEquals(Step.RETURN_VOLUMES, ServerPlan.next(server, Servers.NOW));
    }

    @Test
    void anyMixOfRequestsFailuresAndStepsEndsAtRestWithinABound() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            World world = new World(Servers.fresh(random.nextInt(3)));
            for (int move = 0; move < 15; move++) {
                world.anything(random);
            }
            List<Step> steps = world.runToRest();
            assertTrue(steps.getLast() == Step.REST || steps.getLast() == Step.FORGET, "seed " + seed + ": " + steps);
            if (world.server.row().phase == Phase.FAILED || steps.getLast() == Step.FORGET) {
                assertTrue(world.nothingHeld(), "seed " + seed + ": " + steps);
            }
        }
    }

    /** A world in which every step succeeds at once. */
    private static final class World {
        final Server server;
        private int hosts;

        World(Server server) {
            this.server = server;
        }

        Step next() {
            return ServerPlan.next(server, Servers.NOW);
        }

        void take(int steps) {
            for (int at = 0; at < steps; at++) {
                apply(next());
            }
        }

        List<Step> runToRest() {
            List<Step> taken = new ArrayList<>();
            for (int at = 0; at < 60; at++) {
                Step step = next();
                taken.add(step);
                if (step == Step.REST || step == Step.FORGET) {
                    return taken;
                }
                apply(step);
            }
            throw new AssertionError("no end: " + taken);
        }

        boolean nothingHeld() {
            return !server.row().onHost
                    && !server.row().claimHeld
                    && server.ports().isEmpty()
                    && server.volumes().isEmpty();
        }

        void anything(Random random) {
            ServerRow row = server.row();
            try {
                switch (random.nextInt(12)) {
                    case 0 -> server.stop(Servers.NOW);
                    case 1 -> server.start(Servers.NOW);
                    case 2 -> server.reboot(random.nextBoolean(), "r" + random.nextInt(), Servers.NOW);
                    case 3 -> {
                        if (random.nextInt(20) == 0) {
                            server.delete(Servers.NOW);
                        }
                    }
                    case 4 -> {
                        if (row.phase == Phase.BUILD && !row.host.isEmpty()) {
                            server.hostFailed("no", Servers.NOW);
                        }
                    }
                    case 5 ->
                        server.observe(
                                Power.values()[random.nextInt(Power.values().length)], row.generation, Servers.NOW);
                    case 6 -> server.pause(Servers.NOW);
                    case 7 -> server.unpause(Servers.NOW);
                    default -> apply(next());
                }
            } catch (io.nephos.kit.fault.FaultException refused) {
                assertTrue(refused.fault() instanceof io.nephos.kit.fault.Fault.Conflict);
            }
        }

        void apply(Step step) {
            ServerRow row = server.row();
            switch (step) {
                case CLAIM_HOST -> {
                    hosts++;
                    server.claimed("h" + hosts, "id", "127.0.0.1:1", Servers.NOW);
                }
                case ENSURE_PORTS -> server.ports().forEach(port -> port.made = true);
                case BIND_PORTS -> server.ports().forEach(port -> port.boundHost = row.host);
                case EXPORT_VOLUMES -> server.volumes().forEach(volume -> volume.exportedHost = row.host);
                case ENSURE_INSTANCE -> {
                    row.onHost = true;
                    row.observedGeneration = row.generation;
                    row.observedPower = row.desiredPower;
                }
                case AWAIT_PORTS -> server.ports().forEach(port -> port.up = true);
                case COMPLETE_VOLUMES -> server.volumes().forEach(volume -> volume.attached = true);
                case FINISH_BUILD -> server.built(Servers.NOW);
                case GIVE_UP -> server.fail("late", Servers.NOW);
                case REBOOT_INSTANCE -> row.rebootId = "";
                case RETURN_VOLUMES -> server.volumes().removeIf(volume -> volume.leaving);
                case RETURN_PORTS -> server.ports().removeIf(port -> port.leaving);
                case REFRESH_PORTS -> row.portsStale = false;
                case FINISH_TRANSITION -> server.settle(Servers.NOW);
                case ABANDON_TRANSITION -> server.abandon(Servers.NOW);
                case REMOVE_INSTANCE, LEAVE_RESIDUE -> row.onHost = false;
                case RELEASE_PORTS -> server.ports().clear();
                case RELEASE_VOLUMES -> server.volumes().clear();
                case RELEASE_HOST -> row.claimHeld = false;
                case START_OVER -> server.startOver(Servers.NOW);
                case SETTLE_FAILURE -> server.failureSettled(Servers.NOW);
                case FORGET, REST -> {}
            }
        }
    }
}
