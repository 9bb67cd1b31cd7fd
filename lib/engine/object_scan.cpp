#include "engine/object_scan.h"

#include "engine/scan_visitor.h"
#include "engine/unread.h"

#include <algorithm>
#include <array>

namespace r8scan {

using git::EntryFault;
using git::EntryIndex;
using git::ObjectType;

namespace {

constexpr std::string_view repair_advice = "fetch the repository anew, or restore the object from another clone";

const char* reason_of(const Error& error)
{
    return error.code() == ErrorCode::limit ? "object over a limit" : "damaged object";
}

Error error_of(EntryFault fault)
{
    switch (fault) {
        case EntryFault::bad_header: return {ErrorCode::damaged, "entry header makes no sense"};
        case EntryFault::missing_base: return {ErrorCode::damaged, "delta base is missing"};
        case EntryFault::cycle: return {ErrorCode::damaged, "delta chain leads back to itself"};
        case EntryFault::broken_base: return {ErrorCode::damaged, "delta base cannot be read"};
        case EntryFault::none: break;
    }
    return {ErrorCode::damaged, "unknown fault"};
}

// What has a fault is in no delta tree, and so the walk does not come by it.
void fail_faulty(const git::ObjectTable& table, ScanVisitor& visitor)
{
    for (EntryIndex entry = 0; entry < table.size(); ++entry) {
        if (const auto fault = table.fault(entry); fault != EntryFault::none) {
            visitor.failed(entry, error_of(fault));
        }
    }
}

// An entry that could not be read may have a whole copy elsewhere, or a base that has one. Returns what is lost.
void recover(const git::ObjectTable& table, const ObjectScanOptions& options, ScanVisitor& visitor,
             std::vector<ScanVisitor::Failure> failures, Problems& problems, ObjectCounts& counts)
{
    std::sort(failures.begin(), failures.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
    std::vector<EntryIndex> failed;
    for (const auto& failure : failures) {
        failed.push_back(failure.entry);
    }
    const auto is_failed = [&](EntryIndex entry) { return std::binary_search(failed.begin(), failed.end(), entry); };
    const bool has_copies = table.distinct() < table.size();
    git::ObjectReader reader(table, options.limits);
    for (const auto& failure : failures) {
        const auto copies = table.find_all(table.id(failure.entry));
        const bool other_was_read = std::any_of(copies.begin(), copies.end(), [&](EntryIndex e) { return !is_failed(e); });
        const bool first_failure = std::find_if(copies.begin(), copies.end(), is_failed) != copies.end() &&
                                   *std::find_if(copies.begin(), copies.end(), is_failed) == failure.entry;
        bool recovered = other_was_read;
        if (!other_was_read && has_copies && first_failure) {
            if (const auto object = reader.read(failure.entry)) {
                visitor.whole(failure.entry, object->type, object->content);
                recovered = true;
            }
        }
        const bool has_moved = failure.error.code() == ErrorCode::not_found && table.is_loose(failure.entry);
        if (has_moved && !recovered && first_failure && options.find_again) {
            if (const auto object = options.find_again(git::ObjectId::from_raw(table.id(failure.entry)))) {
                visitor.whole(failure.entry, object->type, object->content);
                recovered = true;
            }
        }
        const auto what = describe(table, failure.entry) + ": " + failure.error.message();
        if (recovered && has_moved) {
            continue;  // into a pack: nothing is wrong with that
        }
        if (recovered) {
            problems.add("damaged copy of an object", what + " (read from another copy)", "run `git repack -ad`");
        } else if (first_failure) {
            problems.add(reason_of(failure.error), what, std::string(repair_advice));
            if (table.type(failure.entry) == ObjectType::unknown) {
                ++counts.unknown;
            }
        }
    }
}

template <typename Record>
void sort_and_keep_one_each(std::vector<Record>& records)
{
    std::stable_sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
    records.erase(std::unique(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.entry == b.entry; }),
                  records.end());
}

template <typename T>
void append(std::vector<T>& to, std::vector<T>& from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void count_types(const git::ObjectTable& table, const std::vector<std::unique_ptr<ScanVisitor>>& visitors,
                 ObjectCounts& counts)
{
    counts.listed = table.distinct();
    const auto count = [&](ObjectType type) {
        switch (type) {
            case ObjectType::blob: ++counts.blobs; break;
            case ObjectType::commit: ++counts.commits; break;
            case ObjectType::tag: ++counts.tags; break;
            case ObjectType::tree: ++counts.trees; break;
            default: break;
        }
    };
    for (EntryIndex entry = 0; entry < table.size(); ++entry) {
        if (!table.is_duplicate(entry)) {
            count(table.type(entry));
        }
    }
    for (const auto& visitor : visitors) {
        for (const auto& [entry, type] : visitor->loose_types) {
            if (!table.is_duplicate(entry)) {
                count(type);
            }
        }
    }
}

}  // namespace

std::string describe(const git::ObjectTable& table, EntryIndex entry)
{
    const auto type = table.type(entry);
    auto text = (type == ObjectType::unknown ? std::string("object") : std::string(to_string(type))) + ' ' +
                to_hex(table.id(entry));
    if (table.is_loose(entry)) {
        return text + " (loose)";
    }
    return text + " in \"" + table.pack(entry).path().filename().native() + "\" at offset " +
           std::to_string(table.offset(entry));
}

ObjectScan scan_objects(const git::ObjectTable& table, const Matcher& matcher, const ObjectScanOptions& options,
                        Control& control, Problems& problems, Problems& unopened)
{
    const ScanContext context{table, matcher, options, problems};
    std::vector<std::unique_ptr<ScanVisitor>> visitors;
    for (unsigned i = 0; i < options.threads; ++i) {
        visitors.push_back(std::make_unique<ScanVisitor>(context));
    }

    git::WalkPlan plan;
    plan.visits = [](ObjectType) { return true; };
    plan.visits_loose = [](ObjectType) { return true; };
    plan.limits = options.limits;
    plan.stop = &control.stop;
    plan.objects_done = &control.objects_done;
    plan.bytes_done = &control.bytes_done;
    control.objects_total = table.size();
    git::DeltaWalk<ScanVisitor> walk(table, plan);
    walk.run(visitors);
    fail_faulty(table, *visitors.front());

    ObjectScan scan;
    scan.dropped_bases = walk.dropped_bases();
    std::vector<ScanVisitor::Failure> failures;
    for (auto& visitor : visitors) {
        append(failures, visitor->failures);
    }
    recover(table, options, *visitors.front(), std::move(failures), problems, scan.counts);
    run_on_threads(options.threads, [&](unsigned number) { visitors[number]->resolve_links(); });
    for (auto& visitor : visitors) {
        append(scan.hits, visitor->results.hits);
        append(scan.unread, visitor->results.unread);
        append(scan.commits, visitor->results.commits);
        append(scan.tags, visitor->results.tags);
        scan.counts.scanned += visitor->results.counts.scanned;
        scan.bytes += visitor->results.bytes;
        scan.built_bytes += visitor->results.built_bytes;
        scan.scanned_bytes += visitor->results.scanned_bytes;
    }
    std::stable_sort(scan.unread.begin(), scan.unread.end(), [](const auto& a, const auto& b) { return a.entry < b.entry; });
    for (const auto& [entry, part] : scan.unread) {
        account_for_unread(describe(table, entry), part, problems, unopened);
    }
    sort_and_keep_one_each(scan.hits);
    sort_and_keep_one_each(scan.commits);
    sort_and_keep_one_each(scan.tags);
    count_types(table, visitors, scan.counts);
    return scan;
}

}  // namespace r8scan
