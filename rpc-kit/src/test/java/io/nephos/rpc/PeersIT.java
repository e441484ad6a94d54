package io.nephos.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeersIT {
    @Test
    void theFirstCallFindsAPeerThatIsBack() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            // So often that gRPC's own pause is longer than the test.
            for (int i = 0; i < 6; i++) {
                Peers.reconnect(channel);
                assertEquals(Status.Code.UNAVAILABLE, call(channel));
            }
            Server back = NettyServerBuilder.forPort(port).build().start();
            try {
                Peers.reconnect(channel);
                assertEquals(Status.Code.UNIMPLEMENTED, call(channel));
            } finally {
                back.shutdownNow();
            }
        } finally {
            channel.shutdownNow();
        }
    }

    /** The server has no services; that it says so shows that it was asked. */
    private static Status.Code call(ManagedChannel channel) {
        return assertThrows(
                        StatusRuntimeException.class,
                        () -> SchedulerGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(10, TimeUnit.SECONDS)
                                .claim(ClaimRequest.getDefaultInstance()))
                .getStatus()
                .getCode();
    }
}
