# A boot sector that does what a kernel does early and what emulation of KVM without hardware help stumbles over:
# long mode with paging, SSE2, and, where CPUID shows them, AVX and BMI instructions; a timer read; CPUID in a loop.
# It then writes "NEPHOS" to the first serial port and halts. Built by build.sh beside it.
    .code16
    .globl _start
_start:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    # page tables at 0x1000: one 2 MiB page mapped onto itself
    movw $0x1000, %di
    xorl %eax, %eax
    movw $0xc00, %cx
    cld
    rep stosl
    movl $0x2003, 0x1000
    movl $0x3003, 0x2000
    movl $0x0083, 0x3000
    movl $0x1000, %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $0x620, %eax            # PAE, OSFXSR, OSXMMEXCPT
    movl %eax, %cr4
    movl $0xc0000080, %ecx
    rdmsr
    orl $0x100, %eax            # EFER.LME
    wrmsr
    lgdtl gdtr
    movl %cr0, %eax
    andl $0xfffffffb, %eax      # no FPU emulation
    orl $0x80000003, %eax       # paging, protection, MP
    movl %eax, %cr0
    ljmpl $8, $long_mode
    .code64
long_mode:
    xorl %eax, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $0x7c00, %esp
    movl $1, %ecx
    movq %rcx, %xmm0
    paddq %xmm0, %xmm0
    movq %xmm0, %rax
    cmpl $2, %eax
    jne stop
    xorl %eax, %eax
    cpuid
    movl %eax, %r8d
    movl $1, %eax
    cpuid
    movl %ecx, %eax
    andl $0x14000000, %eax      # XSAVE and AVX
    cmpl $0x14000000, %eax
    jne bmi
    movq %cr4, %rax
    orl $0x40000, %eax
    movq %rax, %cr4
    xorl %ecx, %ecx
    xgetbv
    orl $7, %eax
    xsetbv
    vpaddq %xmm0, %xmm0, %xmm1
    vmovq %xmm1, %rax
    cmpl $4, %eax
    jne stop
bmi:
    cmpl $7, %r8d
    jb work
    movl $7, %eax
    xorl %ecx, %ecx
    cpuid
    notl %ebx
    testl $0x108, %ebx          # BMI1 and BMI2
    jnz work
    movl $6, %eax
    movl $12, %ecx
    andnl %ecx, %eax, %edx      # ~6 & 12 = 8
    rorxl $3, %edx, %edx
    cmpl $1, %edx
    jne stop
work:
    movl $200000, %esi          # an instruction-by-instruction emulator does not get through this in time
1:  rdtsc
    imull %esi, %eax
    decl %esi
    jnz 1b
    movq $message, %rsi
    movl $0x3f8, %edx
2:  lodsb
    testb %al, %al
    jz stop
    outb %al, %dx
    jmp 2b
stop:
    hlt
    jmp stop
    .balign 8
gdt:
    .quad 0
    .quad 0x00209a0000000000    # 64-bit code
gdtr:
    .word gdtr - gdt - 1
    .long gdt
message:
    .asciz "NEPHOS\n"
    .org 510
    .word 0xaa55
