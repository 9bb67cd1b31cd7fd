// The first call of a function of a library: loads it and remembers where the function is. From any thread.
#include "cmd/lazy/functions.h"

#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace {

[[noreturn]] void give_up(const char* library)
{
    const char* const reason = dlerror();
    for (const char* const part : {"r8scan: ", reason != nullptr ? reason : library,
                                   "\nr8scan: not everything was scanned: install what is missing\n"}) {
        (void)!write(STDERR_FILENO, part, std::strlen(part));
    }
    constexpr int incomplete = 3;
    std::_Exit(incomplete);
}

}  // namespace

void* r8scan_lazy_find(std::uint64_t number)
{
    const auto& function = r8scan::lazy::functions[number];
    // Counted by the loader, and never closed: what was loaded stays.
    void* const library = dlopen(function.library, RTLD_LAZY | RTLD_LOCAL);
    void* const address = library != nullptr ? dlsym(library, function.name) : nullptr;
    if (address == nullptr) {
        give_up(function.library);
    }
    std::atomic_ref<void*>(r8scan_lazy_slots[number]).store(address, std::memory_order_release);
    return address;
}

// Behind the return address lies the function's number, and every register that may hold an argument must be as it was
// when the function is entered: https://gitlab.com/x86-psABIs/x86-64-ABI (3.2.3; al counts vector registers).
asm(R"(
    .text
    .p2align 4
    .type r8scan_lazy_first_call, @function
    .globl r8scan_lazy_first_call
    .hidden r8scan_lazy_first_call
r8scan_lazy_first_call:
    .cfi_startproc
    .cfi_def_cfa_offset 16
    pushq %rax
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %r8
    pushq %r9
    .cfi_adjust_cfa_offset 56
    subq $136, %rsp
    .cfi_adjust_cfa_offset 136
    movups %xmm0, 0(%rsp)
    movups %xmm1, 16(%rsp)
    movups %xmm2, 32(%rsp)
    movups %xmm3, 48(%rsp)
    movups %xmm4, 64(%rsp)
    movups %xmm5, 80(%rsp)
    movups %xmm6, 96(%rsp)
    movups %xmm7, 112(%rsp)
    movq 192(%rsp), %rdi
    call r8scan_lazy_find
    movq %rax, %r11
    movups 0(%rsp), %xmm0
    movups 16(%rsp), %xmm1
    movups 32(%rsp), %xmm2
    movups 48(%rsp), %xmm3
    movups 64(%rsp), %xmm4
    movups 80(%rsp), %xmm5
    movups 96(%rsp), %xmm6
    movups 112(%rsp), %xmm7
    addq $136, %rsp
    .cfi_adjust_cfa_offset -136
    popq %r9
    popq %r8
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    popq %rax
    .cfi_adjust_cfa_offset -56
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    jmp *%r11
    .cfi_endproc
    .size r8scan_lazy_first_call, . - r8scan_lazy_first_call
)");
