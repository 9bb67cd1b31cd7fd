#include "decode/stream_decoder.h"

#include <algorithm>

namespace r8scan::decode {

namespace {

// So small that stop() is asked often, also while a stream gives nothing.
constexpr std::size_t step_input = 1U << 20U;

Expanded::End end_of(StreamDecoder::State state)
{
    switch (state) {
        case StreamDecoder::State::ended: return Expanded::End::whole;
        case StreamDecoder::State::unsupported: return Expanded::End::unsupported;
        case StreamDecoder::State::too_large: return Expanded::End::cut;
        case StreamDecoder::State::more:
        case StreamDecoder::State::corrupt: break;
    }
    return Expanded::End::corrupt;
}

Expanded run(StreamDecoder& decoder, Bytes stream, Expansion& into, const ContainerCallbacks& callbacks)
{
    Expanded so_far;
    const auto finish = [&](Expanded::End end, const char* what) {
        so_far.end = end;
        so_far.what = what;
        return so_far;
    };
    for (;;) {
        const Bytes rest = stream.subspan(so_far.read);
        const auto room = into.room();
        // With no room left the decoder may still reach the stream's end, which is then whole.
        const auto step = decoder.step(rest.first(std::min(rest.size(), step_input)), room);
        so_far.read += step.read;
        so_far.written += step.written;
        into.add_read(step.read);
        into.wrote(step.written);
        if (step.state != StreamDecoder::State::more) {
            return finish(end_of(step.state), step.what);
        }
        if (step.read == 0 && step.written == 0) {
            if (room.empty()) {
                const char* limit = into.limit();
                return finish(Expanded::End::cut, limit != nullptr ? limit : "a limit is reached");
            }
            return rest.empty() ? finish(Expanded::End::truncated, "truncated")
                                : finish(Expanded::End::corrupt, "invalid stream");
        }
        if (stop_asked(callbacks)) {
            return finish(Expanded::End::stopped, "");
        }
    }
}

}  // namespace

Expanded expand(StreamDecoder& decoder, Bytes stream, Expansion& into, const ContainerCallbacks& callbacks)
{
    decoder.begin();
    auto expanded = run(decoder, stream, into, callbacks);
    into.charge(expanded.read, expanded.written);
    return expanded;
}

void tell_unread(const ContainerCallbacks& callbacks, const Expanded& expanded, const std::string& name)
{
    switch (expanded.end) {
        case Expanded::End::whole:
        case Expanded::End::stopped: return;
        case Expanded::End::truncated:
        case Expanded::End::corrupt: return tell_unread(callbacks, Unread::corrupt, name, expanded.what);
        case Expanded::End::unsupported: return tell_unread(callbacks, Unread::unsupported, name, expanded.what);
        case Expanded::End::cut: return tell_unread(callbacks, Unread::limit, name, expanded.what);
    }
}

}  // namespace r8scan::decode
