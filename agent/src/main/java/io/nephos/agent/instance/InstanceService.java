package io.nephos.agent.instance;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.nephos.agent.host.HostUptime;
import io.nephos.agent.host.Workload;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.image.ImageCache;
import io.nephos.contracts.agent.v1.AgentGrpc;
import io.nephos.contracts.agent.v1.EnsureInstanceRequest;
import io.nephos.contracts.agent.v1.EnsureInstanceResponse;
import io.nephos.contracts.agent.v1.EvictImageRequest;
import io.nephos.contracts.agent.v1.EvictImageResponse;
import io.nephos.contracts.agent.v1.GetConsoleOutputRequest;
import io.nephos.contracts.agent.v1.GetConsoleOutputResponse;
import io.nephos.contracts.agent.v1.GetHostUptimeRequest;
import io.nephos.contracts.agent.v1.GetHostUptimeResponse;
import io.nephos.contracts.agent.v1.ListInstancesRequest;
import io.nephos.contracts.agent.v1.ListInstancesResponse;
import io.nephos.contracts.agent.v1.RebootInstanceRequest;
import io.nephos.contracts.agent.v1.RebootInstanceResponse;
import io.nephos.contracts.agent.v1.RemoveInstanceRequest;
import io.nephos.contracts.agent.v1.RemoveInstanceResponse;
import io.nephos.rpc.PeerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The agent's gRPC face. compute drives instances; image-service may drop what it deleted from the cache. */
@ApplicationScoped
public class InstanceService extends AgentGrpc.AgentImplBase {
    private static final Logger LOG = Logger.getLogger(InstanceService.class);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final Set<String> DRIVERS = Set.of("compute");
    private static final Set<String> EVICTORS = Set.of("compute", "image");

    private final Convergence convergence;
    private final InstanceLocks locks;
    private final InstanceStates states;
    private final InstanceStore store;
    private final Hypervisor hypervisor;
    private final ImageCache images;
    private final Workload workload;
    private final MeterRegistry meters;

    @Inject
    public InstanceService(InstanceParts parts, Workload workload, MeterRegistry meters) {
        this.workload = workload;
        this.convergence = parts.convergence();
        this.locks = parts.locks();
        this.states = parts.states();
        this.store = parts.store();
        this.hypervisor = parts.hypervisor();
        this.images = parts.images();
        this.meters = meters;
    }

    @Override
    public void ensureInstance(EnsureInstanceRequest request, StreamObserver<EnsureInstanceResponse> answer) {
        answer(answer, "ensure", DRIVERS, () -> {
            Instance instance = new Instance(request.getInstance());
            String id = instance.spec().getId();
            try (InstanceLocks.Hold hold = locks.lock(id, patience())) {
                boolean changed = store.exists(id)
                        ? convergence.ensure(instance, () -> proceed(hold))
                        : workload.during(() -> convergence.ensure(instance, () -> proceed(hold)));
                return EnsureInstanceResponse.newBuilder()
                        .setState(InstanceStates.of(observed(id)))
                        .setChanged(changed)
                        .build();
            } finally {
                // The same wish again comes with another.
                images.release(instance.spec().getImage().getTicket());
            }
        });
    }

    @Override
    public void removeInstance(RemoveInstanceRequest request, StreamObserver<RemoveInstanceResponse> answer) {
        answer(
                answer,
                "remove",
                DRIVERS,
                () -> RemoveInstanceResponse.newBuilder()
                        .setChanged(remove(request.getId()))
                        .build());
    }

    /** Removes all of an instance from this host; true when there was anything. */
    public boolean remove(String id) {
        Instance.checkId("id", id);
        try (InstanceLocks.Hold hold = locks.lockForRemoval(id, patience())) {
            hold.proceed();
            boolean changed = convergence.remove(id);
            if (changed) {
                LOG.infof("%s: removed", id);
            }
            return changed;
        }
    }

    @Override
    public void listInstances(ListInstancesRequest request, StreamObserver<ListInstancesResponse> answer) {
        answer(
                answer,
                "list",
                DRIVERS,
                () -> ListInstancesResponse.newBuilder()
                        .addAllInstances(states.all().values())
                        .build());
    }

    @Override
    public void rebootInstance(RebootInstanceRequest request, StreamObserver<RebootInstanceResponse> answer) {
        answer(answer, "reboot", DRIVERS, () -> {
            String id = request.getId();
            Instance.checkId("id", id);
            try (InstanceLocks.Hold hold = locks.lock(id, patience())) {
                observed(id);
                if (!store.lastReboot(id).map(request.getRebootId()::equals).orElse(false)) {
                    convergence.reboot(id, request.getHard(), () -> proceed(hold));
                    store.saveReboot(id, request.getRebootId());
                }
                return RebootInstanceResponse.getDefaultInstance();
            }
        });
    }

    @Override
    public void getConsoleOutput(GetConsoleOutputRequest request, StreamObserver<GetConsoleOutputResponse> answer) {
        answer(answer, "console", DRIVERS, () -> {
            Instance.checkId("id", request.getId());
            if (!store.exists(request.getId())) {
                throw notFound(request.getId());
            }
            return GetConsoleOutputResponse.newBuilder()
                    .setOutput(store.consoleTail(request.getId(), request.getLines()))
                    .build();
        });
    }

    @Override
    public void evictImage(EvictImageRequest request, StreamObserver<EvictImageResponse> answer) {
        answer(
                answer,
                "evict",
                EVICTORS,
                () -> EvictImageResponse.newBuilder()
                        .setEvicted(images.evict(request.getSha512()))
                        .build());
    }

    @Override
    public void getHostUptime(GetHostUptimeRequest request, StreamObserver<GetHostUptimeResponse> answer) {
        answer(
                answer,
                "uptime",
                DRIVERS,
                () -> GetHostUptimeResponse.newBuilder()
                        .setUptime(HostUptime.text())
                        .build());
    }

    private ObservedDomain observed(String id) {
        return hypervisor.find(id).orElseThrow(() -> notFound(id));
    }

    private static StatusRuntimeException notFound(String id) {
        return Status.NOT_FOUND
                .withDescription("instance " + id + " is not on this host")
                .asRuntimeException();
    }

    private <A> void answer(StreamObserver<A> observer, String call, Set<String> allowed, Supplier<A> work) {
        Timer.Sample sample = Timer.start(meters);
        String outcome = "OK";
        try {
            if (!allowed.contains(PeerIdentity.current().name())) {
                throw Status.PERMISSION_DENIED
                        .withDescription(PeerIdentity.current().name() + " may not ask this of an agent")
                        .asRuntimeException();
            }
            A result = work.get();
            observer.onNext(result);
            observer.onCompleted();
        } catch (RuntimeException e) {
            StatusRuntimeException rendered = InstanceFaults.render(e);
            outcome = rendered.getStatus().getCode().name();
            if (rendered.getStatus().getCode() == Status.Code.INTERNAL) {
                LOG.errorf(e, "%s failed", call);
            } else {
                LOG.infof("%s: %s", call, rendered.getStatus());
            }
            observer.onError(rendered);
        } finally {
            sample.stop(meters.timer("nephos.agent.call", "call", call, "outcome", outcome));
        }
    }

    /** Gives up when the caller did: it will call again, and what has been done is found then. */
    private static void proceed(InstanceLocks.Hold hold) {
        hold.proceed();
        if (Context.current().isCancelled()) {
            throw Status.CANCELLED.withDescription("the caller no longer waits").asRuntimeException();
        }
    }

    private static Duration patience() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null
                ? LONGEST_WAIT
                : Duration.ofMillis(Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS)));
    }
}
