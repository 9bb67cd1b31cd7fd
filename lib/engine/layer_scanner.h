// Finds the tokens in a byte stream, plain and inside any layers of encodings and containers.
//
// A stream is matched once. Candidates are judged by their neighbours; each lead is decoded around its place, and the
// decoded text is matched in turn; containers are opened and each inner stream is scanned like the outer one. What was
// found is told in the terms of the innermost container's stream. Everything that was recognised but not read is
// kept, with the reason, for whoever accounts for it.
#pragma once

#include "engine/codec_layers.h"
#include "engine/container_leads.h"
#include "engine/layer_limits.h"
#include "match/matcher.h"
#include "match/position_counter.h"

#include <map>
#include <set>
#include <tuple>

namespace r8scan {

/// Something inside a stream that was recognised and not read.
struct UnreadPart {
    decode::Unread why = decode::Unread::corrupt;
    std::string place;  // "!a.zip!b" inside containers; empty for the stream itself
    std::string what;
};

/// One for each thread.
class LayerScanner {
public:
    explicit LayerScanner(const Matcher& matcher, const LayerLimits& limits = {});

    /// Whether anything in content can be a token, plain or in a layer. Also true for what begins as a container.
    [[nodiscard]] bool has_anchor(Bytes content);

    /// All tokens in the content, in order of offset, those inside containers behind them. Placeholders are among
    /// them, marked.
    std::vector<Hit> scan(Bytes content);

    /// The same for a stream in windows: start(), then window() for each piece, the last with last = true. Containers
    /// are recognised but not opened: they are named as unread.
    void start();
    void window(Bytes piece, bool last, std::vector<Hit>& out);

    /// What was not read since the last call.
    std::vector<UnreadPart> take_unread();

private:
    // A hit in the coordinates of the text it was found in; mapped outwards, layer by layer.
    struct RawHit {
        std::uint32_t rule = 0;
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        Secret secret;
        Confidence confidence = Confidence::high;
        const char* why = "";
        std::vector<const char*> layers;  // outermost first
        std::optional<decode::WideForm> wide;
        std::size_t rank = 0;  // among several readings of one token
    };
    // A byte stream: the whole, or a member of a container.
    struct Stream {
        std::string path;                           // "!a.zip!b"
        std::vector<const char*> layers;            // around it
        std::optional<std::uint64_t> outer_offset;  // of the outermost container's member
    };
    struct Range {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };

    void scan_stream(Bytes content, const Stream& stream, std::vector<Hit>& out);
    std::vector<RawHit> scan_text(Bytes content, unsigned depth, const decode::Decoded* via, bool begins_stream,
                                  bool executable);
    static std::vector<RawHit> each_once(std::vector<RawHit> hits);
    void judge(Bytes content, const Candidate& candidate, const decode::Decoded* via, bool executable,
               std::vector<RawHit>& out) const;
    void follow(Bytes content, const std::vector<Lead>& leads, unsigned depth, const decode::Decoded* via,
                bool begins_stream, std::vector<RawHit>& out);
    void look_into(const DecodedWindow& window, unsigned depth, std::vector<RawHit>& out);
    void open_containers(Bytes content, const std::vector<Lead>& leads, const Stream& stream, std::vector<RawHit>& raw,
                         std::vector<Hit>& out);
    std::uint64_t open_base64(Bytes content, const Lead& lead, const Stream& stream, std::vector<Hit>& out);
    std::uint64_t open(decode::ContainerKind kind, Bytes content, std::uint64_t begin, const Stream& stream,
                       std::vector<Hit>& out);
    void name_containers(Bytes content, const std::vector<Lead>& leads);
    void tell(Bytes content, std::uint64_t content_begin, const Stream& stream, std::vector<RawHit> raw,
              PositionCounter& counter, std::vector<Hit>& out);
    [[nodiscard]] bool stopped() const { return m_limits.stop != nullptr && *m_limits.stop; }
    void name_what_was_cut(const std::string& place);
    void name_too_many(const std::string& place);
    void unread(decode::Unread why, std::string place, std::string what);

    const Matcher& m_matcher;
    LayerLimits m_limits;
    Matcher::Scratch m_scratch;
    std::vector<Matches> m_matches;     // one for each depth, kept for their memory
    decode::Budget m_budget;            // what is left for the outermost stream
    std::uint64_t m_decoded_left = 0;   // of the text that encodings may still decode to
    bool m_too_deep = false;            // a lead was not followed for its depth
    std::set<std::uint32_t> m_gave_up;  // rules whose matching took too long in the stream
    std::set<std::uint32_t> m_too_many; // rules that match too often in the stream
    bool m_too_many_leads = false;
    std::vector<std::size_t> m_told;    // hits of each rule in the outermost stream
    std::vector<UnreadPart> m_unread;

    // Of a stream in windows:
    PositionCounter m_counter;
    std::vector<std::byte> m_carried;   // end of the earlier windows, then the current one
    std::uint64_t m_carried_begin = 0;  // offset of its first byte in the stream
    std::uint64_t m_judged_to = 0;      // what begins before is done
    bool m_executable = false;
    bool m_named_container = false;
};

}  // namespace r8scan
