// A repository that was named by its address: fetched into a folder of its own, which goes when this goes.
#pragma once

#include <r8scan/scan.h>

#include <filesystem>
#include <string_view>

namespace r8scan::cmd {

/// Whether the words are an address as git clone takes it: scheme://… or user@host:path. A file or folder of that name
/// is meant where there is one.
[[nodiscard]] bool is_address(const std::filesystem::path& repository);

class TemporaryClone {
public:
    /// Below $TMPDIR, readable for this user alone. Takes as long as the network does; ends soon after control.stop.
    static Result<TemporaryClone> fetch(const std::string& address, Control& control);

    TemporaryClone(TemporaryClone&& other) noexcept : m_folder(std::move(other.m_folder)) { other.m_folder.clear(); }
    TemporaryClone& operator=(TemporaryClone&&) = delete;
    ~TemporaryClone();

    [[nodiscard]] const std::filesystem::path& path() const { return m_folder; }

private:
    explicit TemporaryClone(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    std::filesystem::path m_folder;
};

/// The scan of a repository, which is fetched first where it is an address. `scan` gets the options with the folder in
/// place of the address.
template <typename Options, typename Scan>
Result<Summary> scan_where_it_is(const Options& options, Control& control, const Scan& scan)
{
    if (!is_address(options.repository)) {
        return scan(options);
    }
    const Result<TemporaryClone> clone = TemporaryClone::fetch(options.repository.native(), control);
    if (!clone) {
        return clone.error();
    }
    Options here = options;
    here.repository = clone->path();
    return scan(here);
}

}  // namespace r8scan::cmd
