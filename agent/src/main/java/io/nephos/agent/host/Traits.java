package io.nephos.agent.host;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What guests here can count on, by the names of os-traits. Pure. */
final class Traits {
    private static final List<String> ALWAYS = List.of(
            "COMPUTE_NODE",
            "COMPUTE_IMAGE_TYPE_QCOW2",
            "COMPUTE_IMAGE_TYPE_RAW",
            "COMPUTE_NET_ATTACH_INTERFACE",
            "COMPUTE_NET_VIF_MODEL_VIRTIO",
            "COMPUTE_STORAGE_BUS_VIRTIO",
            "HW_ARCH_X86_64");

    /** Linux's name of a flag -> trait. */
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("sse", "HW_CPU_X86_SSE"),
            Map.entry("sse2", "HW_CPU_X86_SSE2"),
            Map.entry("pni", "HW_CPU_X86_SSE3"),
            Map.entry("ssse3", "HW_CPU_X86_SSSE3"),
            Map.entry("sse4_1", "HW_CPU_X86_SSE41"),
            Map.entry("sse4_2", "HW_CPU_X86_SSE42"),
            Map.entry("sse4a", "HW_CPU_X86_SSE4A"),
            Map.entry("mmx", "HW_CPU_X86_MMX"),
            Map.entry("avx", "HW_CPU_X86_AVX"),
            Map.entry("avx2", "HW_CPU_X86_AVX2"),
            Map.entry("avx512f", "HW_CPU_X86_AVX512F"),
            Map.entry("avx512bw", "HW_CPU_X86_AVX512BW"),
            Map.entry("avx512cd", "HW_CPU_X86_AVX512CD"),
            Map.entry("avx512dq", "HW_CPU_X86_AVX512DQ"),
            Map.entry("avx512vl", "HW_CPU_X86_AVX512VL"),
            Map.entry("avx512_vnni", "HW_CPU_X86_AVX512VNNI"),
            Map.entry("fma", "HW_CPU_X86_FMA3"),
            Map.entry("f16c", "HW_CPU_X86_F16C"),
            Map.entry("bmi1", "HW_CPU_X86_BMI"),
            Map.entry("bmi2", "HW_CPU_X86_BMI2"),
            Map.entry("aes", "HW_CPU_X86_AESNI"),
            Map.entry("pclmulqdq", "HW_CPU_X86_CLMUL"),
            Map.entry("sha_ni", "HW_CPU_X86_SHA"),
            Map.entry("abm", "HW_CPU_X86_ABM"),
            Map.entry("avx512ifma", "HW_CPU_X86_AVX512IFMA"),
            Map.entry("avx512er", "HW_CPU_X86_AVX512ER"),
            Map.entry("avx512pf", "HW_CPU_X86_AVX512PF"),
            Map.entry("avx512vbmi", "HW_CPU_X86_AVX512VBMI"),
            Map.entry("avx512_vbmi2", "HW_CPU_X86_AVX512VBMI2"),
            Map.entry("avx512_bitalg", "HW_CPU_X86_AVX512BITALG"),
            Map.entry("avx512_vpopcntdq", "HW_CPU_X86_AVX512VPOPCNTDQ"),
            Map.entry("gfni", "HW_CPU_X86_AVX512GFNI"),
            Map.entry("vaes", "HW_CPU_X86_AVX512VAES"),
            Map.entry("vpclmulqdq", "HW_CPU_X86_AVX512VPCLMULQDQ"),
            Map.entry("fma4", "HW_CPU_X86_FMA4"),
            Map.entry("xop", "HW_CPU_X86_XOP"),
            Map.entry("tbm", "HW_CPU_X86_TBM"),
            Map.entry("3dnow", "HW_CPU_X86_3DNOW"),
            Map.entry("mpx", "HW_CPU_X86_MPX"),
            Map.entry("rtm", "HW_CPU_X86_TSX"),
            Map.entry("pdpe1gb", "HW_CPU_X86_PDPE1GB"),
            Map.entry("amx_tile", "HW_CPU_X86_AMXTILE"),
            Map.entry("amx_int8", "HW_CPU_X86_AMXINT8"),
            Map.entry("amx_bf16", "HW_CPU_X86_AMXBF16"),
            Map.entry("vmx", "HW_CPU_X86_VMX"),
            Map.entry("svm", "HW_CPU_X86_SVM"));

    /** Features of QEMU's Nehalem, which is what guests get under TCG whatever the host has. */
    static final Set<String> NEHALEM = Set.of("mmx", "sse", "sse2", "pni", "ssse3", "sse4_1", "sse4_2");

    private Traits() {}

    static List<String> of(Set<String> guestFlags, boolean hyperthreading) {
        TreeSet<String> traits = new TreeSet<>(ALWAYS);
        if (hyperthreading) {
            traits.add("HW_CPU_HYPERTHREADING");
        }
        for (String flag : guestFlags) {
            String trait = FLAGS.get(flag);
            if (trait != null) {
                traits.add(trait);
            }
        }
        return List.copyOf(traits);
    }
}
