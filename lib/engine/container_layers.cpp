// The part of LayerScanner that opens containers. What a container holds is scanned as a stream of its own.
#include "engine/layer_scanner.h"

#include "decode/base64.h"
#include "decode/container_magic.h"
#include "engine/git_pack_container.h"

#include <algorithm>
#include <set>

namespace r8scan {

using decode::ContainerKind;
using decode::Unread;

namespace {

// So much of a window is tried to find out whether something that looks like a container is one.
constexpr std::uint64_t trial_bytes = 64U << 10U;

std::uint64_t container_begin(const Lead& lead)
{
    const auto before = decode::container_magics()[lead.detail].begin_before;
    return lead.begin < before ? ~std::uint64_t{0} : lead.begin - before;
}

}  // namespace

void LayerScanner::open_containers(Bytes content, const std::vector<Lead>& leads, const Stream& stream,
                                   std::vector<RawHit>& raw, std::vector<Hit>& out)
{
    struct Place {
        std::uint64_t begin = 0;
        ContainerKind kind = ContainerKind::gzip;
        const Lead* base64 = nullptr;
    };
    std::vector<Place> places;
    if (decode::begins_as_zlib(content)) {
        places.push_back({0, ContainerKind::zlib, nullptr});
    }
    for (const auto& lead : leads) {
        if (lead.kind == LeadKind::base64_container) {
            places.push_back({lead.begin, ContainerKind::gzip, &lead});
        } else if (lead.kind == LeadKind::container && container_begin(lead) < content.size()) {
            places.push_back({container_begin(lead), decode::container_magics()[lead.detail].kind, nullptr});
        }
    }
    std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
    std::uint64_t done = 0;
    for (const auto& place : places) {
        if (place.begin < done || stopped()) {
            continue;
        }
        const auto first = out.size();
        const auto end = place.base64 != nullptr ? open_base64(content, *place.base64, stream, out)
                                                 : open(place.kind, content, place.begin, stream, out);
        done = std::max(done, end);
        // A container that does not compress shows its members to the outer scan too: inside is the better place. Where the
        // end of one is not known, all behind it counts to it.
        const bool open_end = place.kind == ContainerKind::pdf || place.kind == ContainerKind::git_pack;
        const auto covered = open_end && place.base64 == nullptr ? content.size() : end;
        std::set<std::pair<std::uint32_t, std::string_view>> inside;
        for (auto i = first; i < out.size(); ++i) {
            inside.emplace(out[i].rule, out[i].secret.reveal());
        }
        std::erase_if(raw, [&](const RawHit& hit) {
            return hit.begin >= place.begin && hit.begin < covered && inside.contains({hit.rule, hit.secret.reveal()});
        });
    }
}

// Base64 of a compressed file: decoded to its end, and scanned as a stream. Returns where it ends.
std::uint64_t LayerScanner::open_base64(Bytes content, const Lead& lead, const Stream& stream, std::vector<Hit>& out)
{
    const auto run = decode::decode_base64_from(content, lead.begin, m_budget.bytes);
    const auto leads_on = [&](Bytes bytes) {
        const auto text = as_text(bytes);
        return text.starts_with("\x1f\x8b\x08") || text.starts_with("PK\x03\x04") || text.starts_with("H4sI") ||
               text.starts_with("UEsD");
    };
    if (!leads_on(run.bytes)) {
        return lead.begin;
    }
    if (stream.layers.size() + 2 > m_limits.depth) {
        unread(Unread::limit, stream.path, "layers nested more than " + std::to_string(m_limits.depth) + " deep");
        return run.end;
    }
    m_budget.bytes -= std::min<std::uint64_t>(m_budget.bytes, run.bytes.size());
    if (run.cut) {
        unread(Unread::limit, stream.path, "base64 that holds more than may be expanded");
    }
    auto inner = stream;
    inner.layers.push_back("base64");
    if (!inner.outer_offset) {
        inner.outer_offset = lead.begin;
    }
    scan_stream(run.bytes, inner, out);
    return run.end;
}

std::uint64_t LayerScanner::open(ContainerKind kind, Bytes content, std::uint64_t begin, const Stream& stream,
                                 std::vector<Hit>& out)
{
    if (stream.layers.size() + 1 > m_limits.depth) {
        unread(Unread::limit, stream.path, "containers nested more than " + std::to_string(m_limits.depth) + " deep");
        return begin;
    }
    const auto place_of = [&](const std::string& name) { return name.empty() ? stream.path : stream.path + '!' + name; };
    decode::ContainerCallbacks callbacks;
    callbacks.stop = [&] { return stopped(); };
    callbacks.unread = [&](Unread why, const std::string& name, const std::string& what) {
        unread(why, place_of(name), std::string(decode::to_string(kind)) + ": " + what);
    };
    callbacks.member = [&](const decode::Member& member) {
        auto inner = stream;
        inner.path = place_of(member.name);
        inner.layers.push_back(decode::to_string(kind));
        if (!inner.outer_offset) {
            inner.outer_offset = begin + member.outer_offset;
        }
        if (!member.content.empty()) {
            scan_stream(member.content, inner, out);
        }
        return !stopped();
    };
    const auto opened = kind == ContainerKind::git_pack ? open_git_pack(content, begin, m_budget, callbacks)
                                                        : decode::open_container(kind, content, begin, m_budget, callbacks);
    return std::max(opened.end, begin);
}

void LayerScanner::name_containers(Bytes content, const std::vector<Lead>& leads)
{
    for (const auto& lead : leads) {
        if (m_named_container) {
            return;
        }
        if (lead.kind != LeadKind::container || container_begin(lead) >= content.size()) {
            continue;
        }
        const auto kind = decode::container_magics()[lead.detail].kind;
        decode::Budget trial{trial_bytes, 1, trial_bytes};
        bool is_one = kind == ContainerKind::git_pack || kind == ContainerKind::pdf;
        decode::ContainerCallbacks callbacks;
        callbacks.member = [&](const decode::Member&) {
            is_one = true;
            return false;
        };
        callbacks.unread = [](Unread, const std::string&, const std::string&) {};
        if (!is_one) {
            is_one = decode::open_container(kind, content, container_begin(lead), trial, callbacks).recognised || is_one;
        }
        if (is_one) {
            m_named_container = true;
            unread(Unread::limit, "",
                   std::string(decode::to_string(kind)) + " at offset " +
                       std::to_string(m_carried_begin + container_begin(lead)) +
                       " inside something too large to be held in memory: not opened");
        }
    }
}

}  // namespace r8scan
