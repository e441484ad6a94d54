package io.nephos.identity.token;

import io.nephos.kit.crypto.Es256;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jspecify.annotations.Nullable;

/** Makes the compact JWS that a client carries: ES256, the key's id in the header, no catalog inside. */
@ApplicationScoped
public class TokenSigner {
    private final SigningKeyFiles keys;
    private volatile @Nullable Signer last;

    /** {@code header} is encoded. */
    private record Signer(PublicJsonWebKey key, String header, Es256 signature) {
        static Signer of(PublicJsonWebKey key) {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            jws.setKeyIdHeaderValue(key.getKeyId());
            return new Signer(key, jws.getHeaders().getEncodedHeader(), new Es256(key.getPrivateKey()));
        }
    }

    @Inject
    public TokenSigner(SigningKeyFiles keys) {
        this.keys = keys;
    }

    public String sign(Token token) {
        return sign(token.toClaims());
    }

    String sign(JwtClaims claims) {
        PublicJsonWebKey key = keys.current();
        Signer signer = last;
        if (signer == null || signer.key() != key) {
            signer = Signer.of(key);
            last = signer;
        }
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed =
                signer.header() + "." + encoder.encodeToString(claims.toJson().getBytes(StandardCharsets.UTF_8));
        byte[] signature = signer.signature().sign(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encoder.encodeToString(signature);
    }
}
