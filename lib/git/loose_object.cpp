#include "git/loose_object.h"

#include <charconv>

namespace r8scan::git {

Result<LooseObject> LooseObject::open(const std::filesystem::path& path)
{
    auto file = MappedFile::open(path);
    if (!file) {
        return file.error();
    }
    LooseObject object;
    object.file = std::move(*file);
    const auto damaged = [&](std::string what) { return Error(ErrorCode::damaged, std::move(what)); };

    std::array<std::byte, 64> prefix{};
    const auto got = inflate_prefix(object.file.bytes(), prefix);
    if (!got) {
        return got.error();
    }
    const auto text = as_text(Bytes(prefix).first(*got));
    const auto space = text.find(' ');
    const auto nul = text.find('\0');
    if (space == std::string_view::npos || nul == std::string_view::npos || nul < space) {
        return damaged("loose object has no header");
    }
    object.type = object_type_of(text.substr(0, space));
    const auto digits = text.substr(space + 1, nul - space - 1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), object.size);
    if (object.type == ObjectType::unknown || digits.empty() || parsed.ec != std::errc{} ||
        parsed.ptr != digits.data() + digits.size()) {
        return damaged("loose object has a header that names no type and size");
    }
    object.header_length = nul + 1;
    if (!plausible_size(object.size, object.file.bytes().size())) {
        return damaged("loose object declares a size that its file cannot hold");
    }
    return object;
}

}  // namespace r8scan::git
