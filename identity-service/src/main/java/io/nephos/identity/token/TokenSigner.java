package io.nephos.identity.token;

import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Makes the compact JWS that a client carries: ES256, the key's id in the header, no catalog inside. */
@ApplicationScoped
public class TokenSigner {
    private final SigningKeyFiles keys;

    @Inject
    public TokenSigner(SigningKeyFiles keys) {
        this.keys = keys;
    }

    public String sign(Token token) {
        return sign(token.toClaims());
    }

    String sign(JwtClaims claims) {
        PublicJsonWebKey key = keys.current();
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("The token cannot be signed", e);
        }
    }
}
