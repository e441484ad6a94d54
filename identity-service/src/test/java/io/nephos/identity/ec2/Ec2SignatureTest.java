package io.nephos.identity.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against the examples that Amazon published with each version. */
class Ec2SignatureTest {
    private static final String EMPTY_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String V2 = """
            {"access": "AKIAIOSFODNN7EXAMPLE", "signature": "i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf/Mj6vPxyYIs=",
             "verb": "GET", "host": "elasticmapreduce.amazonaws.com%s", "path": "/",
             "params": {"AWSAccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Action": "DescribeJobFlows",
              "SignatureMethod": "HmacSHA256", "SignatureVersion": "2", "Timestamp": "2011-10-03T15:19:30",
              "Version": "2009-03-31"}}
            """;
    private static final String V2_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private static final String V4 = """
            {"access": "AKIDEXAMPLE", "verb": "GET", "host": "iam.amazonaws.com", "path": "/",
             "params": {"Action": "ListUsers", "Version": "2010-05-08"}, "body_hash": "%s",
             "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
              "Host": "iam.amazonaws.com", "X-Amz-Date": "20150830T123600Z",
              "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%s/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=x"}}
            """;
    private static final String V4_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    @Test
    void version2IsAsAmazonHasIt() {
        assertEquals(
                Optional.of("i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf/Mj6vPxyYIs="),
                Ec2Signature.of(request(V2.formatted("")), V2_SECRET));
    }

    @Test
    void version4IsAsAmazonHasIt() {
        assertEquals(
                Optional.of("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
                Ec2Signature.of(request(V4.formatted(EMPTY_BODY, "20150830")), V4_SECRET));
    }

    @Test
    void version1SignsTheSortedParameters() {
        // HMAC-SHA-1 of "A1b2SignatureVersion1", computed apart from this code.
        assertEquals(
                Optional.of("TKD/D86hR9Lo+PbGbEAX177oxqQ="),
                Ec2Signature.of(
                        request(
                                "{\"access\": \"k\", \"params\": {\"SignatureVersion\": \"1\", \"b\": \"2\", \"A\": \"1\"}}"),
                        "secret"));
    }

    @Test
    void aClientMaySignTheHostWithoutItsPort() {
        assertTrue(Ec2Signature.right(request(V2.formatted(":8788")), V2_SECRET));
        assertFalse(Ec2Signature.right(request(V2.formatted(":8788")), "another"));
    }

    @Test
    void aDayThatIsNotThatOfTheRequestSignsNothing() {
        assertEquals(Optional.empty(), Ec2Signature.of(request(V4.formatted(EMPTY_BODY, "20150829")), V4_SECRET));
    }

    @Test
    void anUnknownVersionSignsNothing() {
        assertFalse(Ec2Signature.right(
                request("{\"access\": \"k\", \"signature\": \"s\", \"params\": {\"SignatureVersion\": \"9\"}}"), "s"));
        assertFalse(Ec2Signature.right(request("{\"access\": \"k\"}"), "s"));
    }

    @Test
    void s3SignaturesAreAsAmazonHasThem() {
        assertEquals(
                Optional.of("qgk2+6Sv9/oM7G3qLEjTH1a1l1g="),
                S3Signature.of(
                        bytes("GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/awsexamplebucket1/photos/puppy.jpg"),
                        V2_SECRET));
        String scope = "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/%s/aws4_request\n"
                + "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972";
        assertEquals(
                Optional.of("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                S3Signature.of(bytes(scope.formatted("s3")), V2_SECRET));
        assertEquals(Optional.empty(), S3Signature.of(bytes(scope.formatted("ec2")), V2_SECRET));
        assertEquals(Optional.empty(), S3Signature.of(bytes("AWS4-HMAC-SHA256\nx"), V2_SECRET));
    }

    @Test
    void theTimeOfARequestIsReadInEitherForm() {
        assertEquals(
                Optional.of(Instant.parse("2011-10-03T15:19:30Z")),
                request(V2.formatted("")).signedAt());
        assertEquals(
                Optional.of(Instant.parse("2015-08-30T12:36:00Z")),
                request(V4.formatted(EMPTY_BODY, "20150830")).signedAt());
        SignedRequest wrong = request("{\"access\": \"k\", \"params\": {\"Timestamp\": \"soon\"}}");
        assertThrows(DateTimeParseException.class, wrong::signedAt);
    }

    @Test
    void aParameterThatIsNotTextIsRefusedByItsName() {
        FaultException refused =
                assertThrows(FaultException.class, () -> request("{\"access\": \"k\", \"params\": {\"Action\": [1]}}"));
        assertTrue(refused.getMessage().contains("params.Action"), refused.getMessage());
    }

    private static SignedRequest request(String json) {
        try {
            return SignedRequest.of(Fields.ofBody(new ObjectMapper().readTree(json)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
