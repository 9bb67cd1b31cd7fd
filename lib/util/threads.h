// Runs one function on several threads and waits for all of them.
#pragma once

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace r8scan {

/// Calls body(0) … body(count-1), each on a thread of its own (the caller's is the first). If any throws, the first
/// exception is thrown here after all have ended.
template <typename Body>
void run_on_threads(unsigned count, Body&& body)
{
    std::mutex mutex;
    std::exception_ptr failure;
    const auto guarded = [&](unsigned index) {
        try {
            body(index);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) {
                failure = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < count; ++i) {
            threads.emplace_back(guarded, i);
        }
        guarded(0);
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace r8scan
