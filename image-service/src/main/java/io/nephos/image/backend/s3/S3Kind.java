package io.nephos.image.backend.s3;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.BackendKind;
import io.nephos.image.backend.BackendSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * Stores of type s3. Settings: bucket, access-key, secret-key; endpoint (Amazon's when missing), region (us-east-1), prefix
 * of the objects' names, addressing (path or virtual), part-mib (16; what is sent at a time, doubled every 1,000 parts),
 * spool (a directory where a part gathers).
 */
@ApplicationScoped
public class S3Kind implements BackendKind {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MIB = 1 << 20;

    @Override
    public String type() {
        return "s3";
    }

    @Override
    public Backend make(BackendSettings settings) {
        String addressing = settings.text("addressing", "path");
        if (!addressing.equals("path") && !addressing.equals("virtual")) {
            throw settings.wrong("addressing", "is neither path nor virtual");
        }
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(10))
                        .socketTimeout(PATIENCE))
                .region(Region.of(settings.text("region", "us-east-1")))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.required("access-key"), settings.required("secret-key"))))
                // Newer checksums are not understood by all who speak S3; each part carries its MD5 instead.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(addressing.equals("path"))
                        .chunkedEncodingEnabled(false)
                        .build());
        settings.text("endpoint").map(URI::create).ifPresent(client::endpointOverride);
        S3Bucket bucket =
                new S3Bucket(settings.id(), client.build(), settings.required("bucket"), settings.text("prefix", ""));
        return new S3Backend(
                bucket,
                settings.text("description", "Objects of an S3 bucket"),
                settings.text("endpoint", "https://s3.amazonaws.com"),
                Path.of(settings.text(
                        "spool", settings.directory().resolve("spool").toString())),
                settings.number("part-mib", 16, 5, 1024) * MIB);
    }
}
