// Functions of shared libraries that are loaded when the first of them is called, and not when the program starts.
//
// Loading and relocating the libraries of r8scan and theirs (54 files) takes longer than a commit hook with nothing to do
// may. So the program is not linked with them: for each function that it calls there is an entry of the same name, made by
// generate.cmake, which jumps to where its slot says. At first that is code that loads the library and fills the slot; from
// then on a call costs what a call into a shared library always does. The sources know nothing of this, and the library,
// the tests and other processors link as usual. https://github.com/yugr/Implib.so does the same for whole libraries.
#pragma once

#include <cstdint>

namespace r8scan::lazy {

struct Function {
    const char* name;
    const char* library;  // as the loader looks for it: "libz.so.1"
};

extern const Function functions[];

}  // namespace r8scan::lazy

extern "C" {
extern void* r8scan_lazy_slots[];

/// Where a function is; its library is loaded now. Ends the program where that fails: no call can go on then.
void* r8scan_lazy_find(std::uint64_t number);
}

// clang-format off
#define R8SCAN_LAZY_BEGIN                                                                                              \
    asm(".pushsection .data\n .p2align 3\n .globl r8scan_lazy_slots\n .hidden r8scan_lazy_slots\n"                     \
        "r8scan_lazy_slots:\n .popsection\n");

#define R8SCAN_LAZY_FUNCTION(number, name)                                                                             \
    asm(".pushsection .text\n .p2align 4\n .globl " name "\n .hidden " name "\n .type " name ",@function\n"            \
        name ":\n .cfi_startproc\n endbr64\n jmp *r8scan_lazy_slots+8*" #number "(%rip)\n"                             \
        "1: endbr64\n pushq $" #number "\n .cfi_adjust_cfa_offset 8\n jmp r8scan_lazy_first_call\n .cfi_endproc\n"     \
        ".size " name ", . - " name "\n .popsection\n"                                                                 \
        ".pushsection .data\n .quad 1b\n .popsection\n");
// clang-format on
