#include "action/line_exchange.h"

#include "action/event.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace r8scan::action {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t most_complaint = 8U << 10U;
constexpr std::chrono::milliseconds tick{50};  // how often an end is looked for that no descriptor tells

class Exchanging {
public:
    Exchanging(ChildProcess& child, const Secret& line, SteadyTime deadline)
        : m_child(child), m_line(line.reveal()), m_deadline(deadline)
    {
    }

    Exchange run()
    {
        while (!m_done) {
            wait();
            send();
            // Looked for before the output is read: what it wrote before it ended is still there then.
            const auto ended = m_child.ended();
            read_complaint();
            read_answer();
            if (m_done) {
                break;
            }
            if (ended) {
                fail(*ended + " before it answered");
            } else if (std::chrono::steady_clock::now() >= m_deadline) {
                fail(m_output_open ? "did not answer in time" : "closed its output before it answered");
            }
        }
        return std::move(m_result);
    }

private:
    void fail(std::string why)
    {
        m_result.failure = std::move(why);
        m_done = true;
    }

    [[nodiscard]] bool is_sending() const { return m_input_open && m_sent < m_line.size() + 1; }

    void wait() const
    {
        // A negative descriptor is passed over.
        std::array<pollfd, 3> all{{{is_sending() ? m_child.input() : -1, POLLOUT, 0},
                                   {m_output_open ? m_child.output() : -1, POLLIN, 0},
                                   {m_error_open ? m_child.error() : -1, POLLIN, 0}}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - std::chrono::steady_clock::now());
        const auto time = std::clamp(left, std::chrono::milliseconds::zero(), tick);
        (void)::poll(all.data(), all.size(), static_cast<int>(time.count()));
    }

    void send()
    {
        while (is_sending()) {
            const bool at_end = m_sent == m_line.size();
            const ssize_t count = at_end
                                      ? write_to_pipe(m_child.input(), "\n", 1)
                                      : write_to_pipe(m_child.input(), m_line.data() + m_sent, m_line.size() - m_sent);
            if (count > 0) {
                m_sent += static_cast<std::size_t>(count);
            } else if (errno == EAGAIN) {
                return;
            } else if (errno != EINTR) {
                m_input_open = false;  // why is told by how it ended, or by its answer not counting
            }
        }
    }

    void read_complaint()
    {
        std::array<char, 4096> buffer;
        // A program that writes without end must not keep us here.
        for (int round = 0; m_error_open && round < 64; ++round) {
            const ssize_t count = ::read(m_child.error(), buffer.data(), buffer.size());
            if (count > 0) {
                const std::size_t room = most_complaint - m_result.complaint.size();
                m_result.complaint.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
            } else if (count == 0) {
                m_error_open = false;
            } else if (errno != EINTR) {
                return;
            }
        }
    }

    void read_answer()
    {
        std::array<char, 4096> buffer;
        while (m_output_open && !m_done) {
            const ssize_t count = ::read(m_child.output(), buffer.data(), buffer.size());
            if (count > 0) {
                take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
            } else if (count == 0) {
                // Most likely it is about to end, which tells more.
                m_output_open = false;
                m_deadline = std::min(m_deadline, std::chrono::steady_clock::now() + std::chrono::seconds(1));
            } else if (errno != EINTR) {
                return;
            }
        }
    }

    void take(std::string_view piece)
    {
        const std::size_t end = piece.find('\n');
        m_result.answer += piece.substr(0, end);
        if (m_result.answer.size() > most_of_an_answer) {
            fail("answered with a line of more than 64 KiB");
        } else if (end != std::string_view::npos) {
            m_result.more = end + 1 < piece.size();
            if (m_sent < m_line.size()) {
                fail(m_input_open ? "answered before it had read the event"
                                  : "closed its input before it had read the event");
            }
            m_done = true;
        }
    }

    ChildProcess& m_child;
    std::string_view m_line;
    SteadyTime m_deadline;
    Exchange m_result;
    std::size_t m_sent = 0;
    bool m_input_open = true;
    bool m_output_open = true;
    bool m_error_open = true;
    bool m_done = false;
};

}  // namespace

bool has_unread_output(const ChildProcess& child)
{
    pollfd look{child.output(), POLLIN, 0};
    return ::poll(&look, 1, 0) > 0 && (look.revents & POLLIN) != 0;
}

Exchange exchange_lines(ChildProcess& child, const Secret& line, SteadyTime deadline)
{
    return Exchanging(child, line, deadline).run();
}

}  // namespace r8scan::action
