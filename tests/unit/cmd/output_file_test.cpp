// Files appear whole or not at all, and a reader that went away is no error.
#include "cmd/output_file.h"

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace r8scan;
using cmd::OutputFile;

namespace {

std::size_t files_in(const fs::path& folder)
{
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

unsigned mode_of(const fs::path& file)
{
    return static_cast<unsigned>(fs::status(file).permissions());
}

}  // namespace

TEST_CASE("output file: it appears when it is committed, and nothing else stays behind")
{
    const test::TempDir folder;
    const fs::path file = folder / "report.json";
    auto output = OutputFile::open(file, false);
    REQUIRE(output.ok());
    REQUIRE((*output)->write(std::string(200000, 'x')).ok());
    CHECK_FALSE(fs::exists(file));
    REQUIRE((*output)->commit().ok());
    CHECK(test::read_file(file) == std::string(200000, 'x'));
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("output file: without a commit the old file stays and no other is left")
{
    const test::TempDir folder;
    test::write_file(folder / "report", "old");
    {
        auto output = OutputFile::open(folder / "report", false);
        REQUIRE(output.ok());
        REQUIRE((*output)->write("new").ok());
    }
    CHECK(test::read_file(folder / "report") == "old");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("output file: a replaced file keeps its mode, a private one is for its owner alone")
{
    const test::TempDir folder;
    test::write_file(folder / "report", "old");
    fs::permissions(folder / "report", fs::perms(0640));
    REQUIRE((*OutputFile::open(folder / "report", false))->commit().ok());
    CHECK(mode_of(folder / "report") == 0640);
    REQUIRE((*OutputFile::open(folder / "report", true))->commit().ok());
    CHECK(mode_of(folder / "report") == 0600);
}

TEST_CASE("output file: a symbolic link stays one, and what it names is replaced")
{
    const test::TempDir folder;
    fs::create_directory(folder / "real");
    test::write_file(folder / "real/report", "old");
    fs::create_symlink("real/report", folder / "link");
    auto output = OutputFile::open(folder / "link", false);
    REQUIRE(output.ok());
    REQUIRE((*output)->write("new").ok());
    REQUIRE((*output)->commit().ok());
    CHECK(fs::is_symlink(folder / "link"));
    CHECK(test::read_file(folder / "real/report") == "new");
}

TEST_CASE("output file: what cannot be written is said when it is opened")
{
    const test::TempDir folder;
    CHECK_FALSE(OutputFile::open(folder / "none/report", false).ok());
    CHECK_FALSE(OutputFile::open(folder.path(), false).ok());
    CHECK(OutputFile::open("/dev/null", false).ok());
}

TEST_CASE("output file: a full disk is an error")
{
    if (!fs::exists("/dev/full")) {
        MESSAGE("no /dev/full here");
        return;
    }
    auto output = OutputFile::open("/dev/full", false);
    REQUIRE(output.ok());
    REQUIRE((*output)->write("x").ok());
    const Result<void> done = (*output)->commit();
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().code() == ErrorCode::io);
    CHECK_FALSE((*output)->write(std::string(100000, 'x')).ok());
}

TEST_CASE("output file: a closed pipe is quiet, however much comes after")
{
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    close(ends[0]);
    const auto old = std::signal(SIGPIPE, SIG_IGN);
    const auto output = OutputFile::on_descriptor(ends[1], "pipe");
    for (int i = 0; i < 10; ++i) {
        CHECK(output->write(std::string(50000, 'x')).ok());
    }
    CHECK(output->commit().ok());
    std::signal(SIGPIPE, old);
    close(ends[1]);
}
