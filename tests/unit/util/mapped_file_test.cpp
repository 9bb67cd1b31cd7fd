// Files that change under their reader: zeros and a word about it, never a signal that ends the program.
#include "util/mapped_file.h"

#include "tests/support/repo_builder.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace r8scan;
using namespace r8scan::test;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t large = 1U << 20U;  // is mapped

MappedFile mapped(const fs::path& path)
{
    auto file = MappedFile::open(path);
    REQUIRE_MESSAGE(file.ok(), file.error().message());
    return std::move(*file);
}

std::size_t count_of(Bytes bytes, char wanted)
{
    const auto text = as_text(bytes);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}

void append(const fs::path& path, const std::string& text)
{
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    REQUIRE(::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

// What a program that had a handler of its own saw of the signal.
volatile sig_atomic_t seen = 0;
sigjmp_buf after_fault;

void note(int)
{
    seen = seen + 1;
}

void note_and_leave(int)
{
    seen = seen + 1;
    siglongjmp(after_fault, 1);
}

// Has a handler for SIGBUS for as long as it lives.
class OwnHandler {
public:
    explicit OwnHandler(void (*handler)(int))
    {
        seen = 0;
        struct sigaction action {};
        action.sa_handler = handler;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &m_old);
    }
    ~OwnHandler() { sigaction(SIGBUS, &m_old, nullptr); }
    OwnHandler(const OwnHandler&) = delete;
    OwnHandler& operator=(const OwnHandler&) = delete;

private:
    struct sigaction m_old {};
};

void (*current_handler())(int)
{
    struct sigaction action {};
    sigaction(SIGBUS, nullptr, &action);
    return action.sa_handler;
}

}  // namespace

TEST_CASE("a file that nobody touches reads as it is, small or large, and is unchanged")
{
    const TempDir dir;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, MappedFile::most_read, MappedFile::most_read + 1, large}) {
        CAPTURE(size);
        write_file(dir / "file", std::string(size, 'x'));
        const auto file = mapped(dir / "file");
        CHECK(file.bytes().size() == size);
        CHECK(count_of(file.bytes(), 'x') == size);
        CHECK(file.unchanged().ok());
    }
}

TEST_CASE("a large file that shrinks while it is mapped reads as zeros beyond its end and says that it changed")
{
    const TempDir dir;
    for (const std::size_t left : {std::size_t{0}, std::size_t{1}, std::size_t{100000}, large - 1}) {
        CAPTURE(left);
        write_file(dir / "file", std::string(large, 'x'));
        const auto file = mapped(dir / "file");
        fs::resize_file(dir / "file", left);
        CHECK(count_of(file.bytes(), 'x') == left);
        CHECK(count_of(file.bytes(), '\0') == large - left);
        const auto same = file.unchanged();
        REQUIRE(!same.ok());
        CHECK(same.error().code() == ErrorCode::damaged);
        CHECK(same.error().message() == quoted(dir / "file") + ": changed while it was read");
    }
}

TEST_CASE("a file that shrank and is whole again when asked is still said to have changed where zeros were read")
{
    const TempDir dir;
    write_file(dir / "file", std::string(large, 'x'));
    const auto file = mapped(dir / "file");
    fs::resize_file(dir / "file", 0);
    CHECK(file.bytes().back() == std::byte{0});
    append(dir / "file", std::string(large, 'x'));
    CHECK(!file.unchanged().ok());
}

TEST_CASE("a file that grows while it is mapped says that it changed")
{
    const TempDir dir;
    write_file(dir / "file", std::string(large, 'x'));
    const auto file = mapped(dir / "file");
    append(dir / "file", "more");
    CHECK(count_of(file.bytes(), 'x') == large);
    CHECK(!file.unchanged().ok());
}

TEST_CASE("a file that is replaced or deleted while it is mapped stays what it was")
{
    const TempDir dir;
    write_file(dir / "file", std::string(large, 'x'));
    const auto file = mapped(dir / "file");
    write_file(dir / "new", "short");
    fs::rename(dir / "new", dir / "file");
    CHECK(count_of(file.bytes(), 'x') == large);
    CHECK(file.unchanged().ok());
    fs::remove(dir / "file");
    CHECK(count_of(file.bytes(), 'x') == large);
    CHECK(file.unchanged().ok());
}

TEST_CASE("a small file stays what it was when it is opened")
{
    const TempDir dir;
    write_file(dir / "file", std::string(1000, 'x'));
    const auto file = mapped(dir / "file");
    fs::resize_file(dir / "file", 0);
    CHECK(count_of(file.bytes(), 'x') == 1000);
    CHECK(file.unchanged().ok());
}

TEST_CASE("many threads read a file that shrinks under them, and other files are not touched by it")
{
    const TempDir dir;
    constexpr std::size_t size = 8U << 20U;
    write_file(dir / "other", std::string(size, 'o'));
    const auto other = mapped(dir / "other");
    for (int round = 0; round < 20; ++round) {
        write_file(dir / "file", std::string(size, 'x'));
        auto first = mapped(dir / "file");
        const auto file = std::move(first);
        std::vector<std::jthread> readers;
        std::vector<std::size_t> counts(4);
        for (auto& count : counts) {
            readers.emplace_back([&] { count = count_of(file.bytes(), 'x') + count_of(file.bytes(), '\0'); });
        }
        fs::resize_file(dir / "file", size / 2);
        readers.clear();
        CHECK(count_of(file.bytes(), 'x') <= size / 2);
        CHECK(!file.unchanged().ok());
    }
    CHECK(count_of(other.bytes(), 'o') == size);
    CHECK(other.unchanged().ok());
}

TEST_CASE("the handler that a program has for bus errors gets all others, and is back when the last file is closed")
{
    const TempDir dir;
    write_file(dir / "file", std::string(large, 'x'));
    {
        const OwnHandler own(note);
        {
            const auto file = mapped(dir / "file");
            CHECK((current_handler() != note));
            raise(SIGBUS);
            CHECK(seen == 1);
            fs::resize_file(dir / "file", 0);
            CHECK(count_of(file.bytes(), '\0') == large);
            CHECK(seen == 1);
        }
        CHECK((current_handler() == note));
    }
    {
        const OwnHandler own(note_and_leave);
        write_file(dir / "file", std::string(large, 'x'));
        write_file(dir / "theirs", std::string(large, 'x'));
        const auto file = mapped(dir / "file");
        const UniqueFd fd(::open((dir / "theirs").c_str(), O_RDONLY | O_CLOEXEC));
        void* const theirs = ::mmap(nullptr, large, PROT_READ, MAP_SHARED, fd.get(), 0);
        REQUIRE(theirs != MAP_FAILED);
        fs::resize_file(dir / "theirs", 0);
        if (sigsetjmp(after_fault, 1) == 0) {
            CHECK(*static_cast<const volatile char*>(theirs) == 'x');  // never comes back
        }
        CHECK(seen == 1);
        ::munmap(theirs, large);
        CHECK(file.unchanged().ok());
    }
}

TEST_CASE("a handler that came over ours is left where it is")
{
    const TempDir dir;
    write_file(dir / "file", std::string(large, 'x'));
    struct sigaction before {};
    sigaction(SIGBUS, nullptr, &before);
    auto file = mapped(dir / "file");
    {
        const OwnHandler own(note);
        file = MappedFile();
        CHECK((current_handler() == note));
        file = mapped(dir / "file");
        CHECK((current_handler() == note));
    }
    fs::resize_file(dir / "file", 0);
    CHECK(count_of(file.bytes(), '\0') == large);
    file = MappedFile();
    struct sigaction after {};
    sigaction(SIGBUS, nullptr, &after);
    CHECK((after.sa_handler == before.sa_handler));
}
