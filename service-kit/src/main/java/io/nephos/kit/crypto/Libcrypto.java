package io.nephos.kit.crypto;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The functions of OpenSSL 3's libcrypto that are needed here, by their own names. Those that answer an int answer 1 when they
 * went well. None blocks.
 */
final class Libcrypto {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Optional<Libcrypto> LOADED = load();

    private final MethodHandle contextNew;
    private final MethodHandle contextFree;
    private final MethodHandle sha256;
    private final MethodHandle keyRead;
    private final MethodHandle keyFree;
    private final MethodHandle signInit;
    private final MethodHandle sign;
    private final MethodHandle digestNamed;
    private final MethodHandle digestInit;
    private final MethodHandle digestUpdate;
    private final MethodHandle digestFinal;

    private Libcrypto(SymbolLookup library) {
        this.contextNew = function(library, "EVP_MD_CTX_new", ADDRESS);
        this.contextFree = nothing(library, "EVP_MD_CTX_free", ADDRESS);
        this.sha256 = function(library, "EVP_sha256", ADDRESS);
        this.keyRead = function(library, "d2i_AutoPrivateKey", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        this.keyFree = nothing(library, "EVP_PKEY_free", ADDRESS);
        this.signInit = function(library, "EVP_DigestSignInit", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        this.sign = function(library, "EVP_DigestSign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        this.digestNamed = function(library, "EVP_get_digestbyname", ADDRESS, ADDRESS);
        this.digestInit = function(library, "EVP_DigestInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        this.digestUpdate = LINKER.downcallHandle(
                address(library, "EVP_DigestUpdate"), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
        this.digestFinal = function(library, "EVP_DigestFinal_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    }

    /** Empty where the machine has none, or another one. */
    static Optional<Libcrypto> loaded() {
        return LOADED;
    }

    private static Optional<Libcrypto> load() {
        try {
            return Optional.of(new Libcrypto(SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global())));
        } catch (IllegalArgumentException | IllegalCallerException missing) {
            return Optional.empty();
        }
    }

    /** @param der PKCS #8; NULL for what is no key. Freed when nobody has it any more. */
    MemorySegment privateKey(byte[] der) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(der.length);
            bytes.copyFrom(MemorySegment.ofArray(der));
            MemorySegment at = arena.allocate(ADDRESS);
            at.set(ADDRESS, 0, bytes);
            MemorySegment key = (MemorySegment) call(keyRead, MemorySegment.NULL, at, (long) der.length);
            bytes.fill((byte) 0);
            return key.equals(MemorySegment.NULL)
                    ? key
                    : key.reinterpret(0, Arena.ofAuto(), unused -> call(keyFree, unused));
        }
    }

    /**
     * Signs the SHA-256 of bytes.
     *
     * @param signature gets it, in ASN.1
     * @return its length; 0 when the key does not sign
     */
    int sign(MemorySegment key, byte[] bytes, byte[] signature) {
        MemorySegment context = (MemorySegment) call(contextNew);
        try {
            MemorySegment digest = (MemorySegment) call(sha256);
            long[] length = {signature.length};
            boolean signed = (int) call(signInit, context, MemorySegment.NULL, digest, MemorySegment.NULL, key) == 1
                    && (int) call(
                                    sign,
                                    context,
                                    MemorySegment.ofArray(signature),
                                    MemorySegment.ofArray(length),
                                    MemorySegment.ofArray(bytes),
                                    (long) bytes.length)
                            == 1;
            return signed ? (int) length[0] : 0;
        } finally {
            call(contextFree, context);
        }
    }

    /** A digest that has begun; NULL where the library does not do it. Freed when nobody has it any more. */
    MemorySegment digest(String algorithm) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment kind = (MemorySegment) call(digestNamed, arena.allocateFrom(algorithm));
            MemorySegment context = ((MemorySegment) call(contextNew))
                    .reinterpret(0, Arena.ofAuto(), unused -> call(contextFree, unused));
            boolean begun =
                    !kind.equals(MemorySegment.NULL) && (int) call(digestInit, context, kind, MemorySegment.NULL) == 1;
            return begun ? context : MemorySegment.NULL;
        }
    }

    /** @param bytes outside the heap */
    void update(MemorySegment digest, MemorySegment bytes) {
        requireDone((int) call(digestUpdate, digest, bytes, bytes.byteSize()));
    }

    /** @param result as long as the digest is; nothing can be added after this */
    void finish(MemorySegment digest, byte[] result) {
        requireDone((int) call(digestFinal, digest, MemorySegment.ofArray(result), MemorySegment.NULL));
    }

    private static void requireDone(int answer) {
        if (answer != 1) {
            throw new IllegalStateException("libcrypto does not digest.");
        }
    }

    private static MethodHandle function(
            SymbolLookup library, String name, MemoryLayout result, MemoryLayout... parameters) {
        return handle(library, name, FunctionDescriptor.of(result, parameters));
    }

    private static MethodHandle nothing(SymbolLookup library, String name, MemoryLayout... parameters) {
        return handle(library, name, FunctionDescriptor.ofVoid(parameters));
    }

    // Critical: it reads the heap where it is, without a copy, and the garbage collector waits for it.
    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(address(library, name), descriptor, Linker.Option.critical(true));
    }

    private static MemorySegment address(SymbolLookup library, String name) {
        return library.find(name).orElseThrow(() -> new IllegalArgumentException("libcrypto has no " + name));
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
