// What the steps of the pipeline did, in lines for a person.
#include "action/pipeline.h"

#include <fmt/format.h>

namespace r8scan::action {
namespace {

std::string events_in_words(std::uint64_t number)
{
    return fmt::format("{} event{}", number, number == 1 ? "" : "s");
}

}  // namespace

void PipelineReport::count(const std::vector<Outgoing>& events, const std::vector<Sent>& sent)
{
    std::map<std::string, std::map<std::string, std::uint64_t>> troubles;  // by callback and message
    for (std::size_t i = 0; i < sent.size(); ++i) {
        if (sent[i].state == Sent::State::delivered) {
            ++delivered;
            continue;
        }
        const bool waits = sent[i].state == Sent::State::pending;
        ++(waits ? pending : failed);
        ++troubles[events[i].receiver->callback->name()]
                  [fmt::format("{}: {}", waits ? "still to be delivered" : "not delivered", sent[i].message)];
    }
    for (const auto& [callback, messages] : troubles) {
        for (const auto& [message, number] : messages) {
            lines.push_back(fmt::format("callback \"{}\": {} {}", callback, events_in_words(number), message));
        }
    }
}

void PipelineReport::rehearse(const std::vector<Outgoing>& events, const std::string& why)
{
    std::map<std::string, std::uint64_t> counts;
    for (const Outgoing& outgoing : events) {
        ++counts[outgoing.receiver->callback->name()];
    }
    for (const auto& [callback, number] : counts) {
        lines.push_back(fmt::format("callback \"{}\": {} would be sent: {}", callback, events_in_words(number), why));
    }
}

}  // namespace r8scan::action
