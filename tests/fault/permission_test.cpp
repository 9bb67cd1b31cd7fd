// What the operating system refuses to show: an error where nothing can be read, a skip where something can.
//
// Root may read everything, so there the scans run in a child that gave up its rights.
#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/repo_builder.h"
#include "tests/support/scan_helper.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tokens.h"
#include "tests/support/unprivileged.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

const char* name_of(ErrorCode code)
{
    return code == ErrorCode::permission ? "permission" : code == ErrorCode::not_found ? "not found" : "another";
}

/// A repository with two tokens, one loose and one packed, open to everybody until a test closes a part of it.
class Repository {
public:
    Repository() : m_repo(open_to_all(m_temp) / "repo")
    {
        PackWriter pack;
        const std::size_t blob = pack.add(Type::blob, packed + "\n");
        pack.write(m_repo.objects_dir());
        const Id tree =
            m_repo.tree({{mode_file, "loose", m_repo.blob(loose + "\n")}, {mode_file, "packed", pack.id(blob)}});
        m_repo.ref("refs/heads/main", m_repo.commit(tree, {}, "Start"));
    }

    [[nodiscard]] const RepoBuilder& builder() const { return m_repo; }
    static void close(const fs::path& path) { fs::permissions(path, fs::perms::none); }

    /// The scan in one line, as somebody without rights sees it: "exit 3, loose, packed, skipped: …".
    [[nodiscard]] std::optional<std::string> scan() const
    {
        return run_unprivileged([&] {
            const ScanResult result = collect(m_repo.dir());
            return "exit " + std::to_string(result.summary.exit_code) + (found(result, loose) ? ", loose" : "") +
                   (found(result, packed) ? ", packed" : "") + ", skipped: " + skips(result.summary);
        });
    }

    /// The error of a scan that must not start: "permission: message".
    [[nodiscard]] std::optional<std::string> error() const
    {
        return run_unprivileged([&] {
            ScanOptions options;
            options.repository = m_repo.dir();
            const Error error = collect_error(options);
            return std::string(name_of(error.code())) + ": " + error.message();
        });
    }

    const std::string loose = token(701);
    const std::string packed = token(702);

private:
    static const fs::path& open_to_all(const TempDir& temp)
    {
        fs::permissions(temp.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
        return temp.path();
    }

    TempDir m_temp;
    RepoBuilder m_repo;
};

bool starts_with(const std::string& text, const std::string& start)
{
    return text.compare(0, start.size(), start) == 0;
}

/// False, with a message, where no child without rights can be made.
bool ran(const std::optional<std::string>& answer)
{
    if (!answer) {
        MESSAGE("skipped: root here cannot give up its rights");
    }
    return answer.has_value();
}

}  // namespace

TEST_CASE("a repository that everybody may read is complete for somebody without rights")
{
    const Repository repository;
    if (const auto answer = repository.scan(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "exit 1, loose, packed, skipped: nothing"), *answer);
    }
}

TEST_CASE("a folder without permission is an error that says so")
{
    const Repository repository;
    Repository::close(repository.builder().dir());
    if (const auto answer = repository.error(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "permission: "), *answer);
        CHECK_MESSAGE(answer->find(repository.builder().dir().string()) != std::string::npos, *answer);
    }
}

TEST_CASE("a git folder without permission is an error that says so")
{
    const Repository repository;
    Repository::close(repository.builder().git_dir());
    if (const auto answer = repository.error(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "permission: "), *answer);
    }
}

TEST_CASE("a pack folder without permission is a skip, and loose objects are read")
{
    const Repository repository;
    Repository::close(repository.builder().objects_dir() / "pack");
    if (const auto answer = repository.scan(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "exit 3, loose, skipped: "), *answer);
    }
}

TEST_CASE("a pack without permission is a skip, and loose objects are read")
{
    const Repository repository;
    for (const fs::directory_entry& file : fs::directory_iterator(repository.builder().objects_dir() / "pack")) {
        Repository::close(file.path());
    }
    if (const auto answer = repository.scan(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "exit 3, loose, skipped: "), *answer);
    }
}

TEST_CASE("a loose object without permission is a skip, and packed objects are read")
{
    const Repository repository;
    Repository::close(repository.builder().loose_path(object_id(Hash::sha1, Type::blob, repository.loose + "\n")));
    if (const auto answer = repository.scan(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "exit 3, packed, skipped: "), *answer);
    }
}

TEST_CASE("refs without permission are a skip, and every object is read")
{
    const Repository repository;
    Repository::close(repository.builder().git_dir() / "refs" / "heads");
    if (const auto answer = repository.scan(); ran(answer)) {
        CHECK_MESSAGE(starts_with(*answer, "exit 3, loose, packed, skipped: "), *answer);
    }
}

}  // namespace r8scan::test
