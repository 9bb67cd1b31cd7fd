#include "util/bus_errors.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace r8scan {

// Ranges are handed out again but never freed: the handler may be looking at one on another thread.
struct LostPages::Range {
    std::atomic<std::uintptr_t> begin{0};
    std::atomic<std::uintptr_t> end{0};  // 0: not in use
    std::atomic<std::uint32_t> faults{0};
    Range* next_free = nullptr;
};

namespace {

using Range = LostPages::Range;

struct Block {
    std::array<Range, 64> ranges;
    Block* next = nullptr;
};

// A signal handler takes no argument of ours, so what it works on has to be global. It touches nothing but lock-free
// atomics, and g_previous, which is written before the handler is installed.
std::atomic<Block*> g_blocks{nullptr};
struct sigaction g_previous {};
static_assert(std::atomic<Block*>::is_always_lock_free && std::atomic<std::uintptr_t>::is_always_lock_free);

Range* range_at(std::uintptr_t address)
{
    for (auto* block = g_blocks.load(std::memory_order_acquire); block != nullptr; block = block->next) {
        for (auto& range : block->ranges) {
            // A range that is being handed out anew has end 0 until its begin is set.
            const auto begin = range.begin.load();
            const auto end = range.end.load();
            if (begin <= address && address < end && range.begin.load() == begin) {
                return &range;
            }
        }
    }
    return nullptr;
}

// False where the address is none of ours, or the page cannot be replaced.
bool put_zeros(std::uintptr_t address)
{
    auto* const range = range_at(address);
    if (range == nullptr) {
        return false;
    }
    // One bad sector costs one page. A file that was cut would cost a signal for each page, so then all that follows goes.
    constexpr std::uint32_t singly = 16;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin = address & ~(page - 1);
    const auto size = range->faults.fetch_add(1) < singly ? page : range->end.load() - begin;
    return ::mmap(reinterpret_cast<void*>(begin), size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
           MAP_FAILED;
}

void pass_on(int signal, siginfo_t* info, void* context)
{
    const bool was_sent = info->si_code <= 0;  // by kill() and its like; else the faulting read is tried again
    if ((g_previous.sa_flags & SA_SIGINFO) != 0) {
        g_previous.sa_sigaction(signal, info, context);
    } else if (g_previous.sa_handler == SIG_IGN && was_sent) {
        return;
    } else if (g_previous.sa_handler == SIG_DFL || g_previous.sa_handler == SIG_IGN) {
        struct sigaction fatal {};
        fatal.sa_handler = SIG_DFL;
        sigaction(signal, &fatal, nullptr);
        raise(signal);  // waits until this handler has returned
    } else {
        g_previous.sa_handler(signal);
    }
}

void on_bus_error(int signal, siginfo_t* info, void* context)
{
    const int kept_errno = errno;
    const bool is_ours = info->si_code > 0 && put_zeros(reinterpret_cast<std::uintptr_t>(info->si_addr));
    errno = kept_errno;
    if (!is_ours) {
        pass_on(signal, info, context);
    }
}

// Who has which range, and whether the handler is installed. All under one lock.
class Ranges {
public:
    static Ranges& all()
    {
        static auto* const ranges = new Ranges;  // outlives whatever still has a mapping when the program ends
        return *ranges;
    }

    Range* add(Bytes mapping)
    {
        const std::lock_guard lock(m_mutex);
        if (m_free == nullptr) {
            add_block();
        }
        if (m_in_use++ == 0) {
            install();
        }
        auto* const range = std::exchange(m_free, m_free->next_free);
        range->faults = 0;
        range->begin = reinterpret_cast<std::uintptr_t>(mapping.data());
        range->end = reinterpret_cast<std::uintptr_t>(mapping.data()) + mapping.size();
        return range;
    }

    void remove(Range* range)
    {
        const std::lock_guard lock(m_mutex);
        range->end = 0;
        range->next_free = std::exchange(m_free, range);
        if (--m_in_use == 0) {
            restore();
        }
    }

private:
    void add_block()
    {
        auto* const block = new Block;
        for (auto& range : block->ranges) {
            range.next_free = std::exchange(m_free, &range);
        }
        block->next = g_blocks.load();
        g_blocks.store(block, std::memory_order_release);
    }

    static bool is_ours(const struct sigaction& action)
    {
        return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == on_bus_error;
    }

    void install()
    {
        struct sigaction current {};
        sigaction(SIGBUS, nullptr, &current);
        const bool has_handler =
            (current.sa_flags & SA_SIGINFO) != 0 || (current.sa_handler != SIG_DFL && current.sa_handler != SIG_IGN);
        // Somebody who came over us passes on to us what is not theirs; to come over them in turn would make a circle.
        if (is_ours(current) || (m_is_covered && has_handler)) {
            return;
        }
        g_previous = current;
        struct sigaction action {};
        action.sa_sigaction = on_bus_error;
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
        sigaction(SIGBUS, &action, nullptr);
        m_is_covered = false;
    }

    void restore()
    {
        struct sigaction current {};
        sigaction(SIGBUS, nullptr, &current);
        m_is_covered = !is_ours(current);
        if (!m_is_covered) {
            sigaction(SIGBUS, &g_previous, nullptr);
        }
    }

    std::mutex m_mutex;
    Range* m_free = nullptr;
    std::size_t m_in_use = 0;
    bool m_is_covered = false;
};

}  // namespace

LostPages::LostPages(Bytes mapping) : m_range(Ranges::all().add(mapping)) {}

LostPages::~LostPages()
{
    if (m_range != nullptr) {
        Ranges::all().remove(m_range);
    }
}

bool LostPages::any() const
{
    return m_range != nullptr && m_range->faults.load() != 0;
}

}  // namespace r8scan
