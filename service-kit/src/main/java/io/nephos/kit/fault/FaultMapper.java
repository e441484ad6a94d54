package io.nephos.kit.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.grpc.StatusRuntimeException;
import io.nephos.kit.http.RequestContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where an exception becomes an HTTP response, in the words of the service's {@link Dialect}. */
public class FaultMapper {
    private static final Logger LOG = Logger.getLogger(FaultMapper.class);

    @Inject
    Dialect dialect;

    @Inject
    RequestContext request;

    @ServerExceptionMapper
    public Response known(FaultException e) {
        return render(e.fault());
    }

    @ServerExceptionMapper
    public Response ofFramework(WebApplicationException e) {
        Response original = e.getResponse();
        if (original.hasEntity()) {
            return original;
        }
        String message = Optional.ofNullable(e.getMessage()).orElse("");
        return render(
                switch (original.getStatus()) {
                    case 401 -> new Fault.Unauthorized("", "The request you have made requires authentication.");
                    case 403 -> new Fault.Forbidden("", message);
                    case 404 -> new Fault.NotFound("", "The resource could not be found.");
                    case 405 -> new Fault.MethodNotAllowed("", "The method is not allowed for this resource.");
                    case 406 -> new Fault.NotAcceptable("", "The requested media type cannot be produced.");
                    case 413 -> new Fault.PayloadTooLarge("", "The request body is too large.");
                    case 415 -> new Fault.UnsupportedMediaType("", "The media type of the request is not supported.");
                    default ->
                        original.getStatus() < 500
                                ? new Fault.BadRequest("", malformed(e))
                                : new Fault.Unexpected("", "An unexpected error occurred.");
                });
    }

    @ServerExceptionMapper
    public Response ofJson(JsonProcessingException e) {
        return render(new Fault.BadRequest("", "Malformed request body: " + e.getOriginalMessage()));
    }

    @ServerExceptionMapper
    public Response ofPeer(StatusRuntimeException e) {
        return render(RpcFault.of(e));
    }

    @ServerExceptionMapper
    public Response unforeseen(RuntimeException e) {
        LOG.errorf(e, "Request %s failed unexpectedly", request.requestId());
        return render(new Fault.Unexpected(
                "",
                "An unexpected error prevented the server from fulfilling your request. (" + request.requestId()
                        + ")"));
    }

    private Response render(Fault fault) {
        int status = dialect.status(fault);
        Response.ResponseBuilder response = Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(dialect.body(fault, status, request.requestId()));
        dialect.headers(fault).forEach(response::header);
        if (fault instanceof Fault.Unavailable unavailable) {
            response.header("Retry-After", unavailable.retryAfterSeconds());
        }
        return response.build();
    }

    private static String malformed(WebApplicationException e) {
        if (e.getCause() instanceof JsonProcessingException json) {
            return "Malformed request body: " + json.getOriginalMessage();
        }
        return "Malformed request.";
    }
}
