// revocation-service: a service that issues tokens, knows whose they are, and disables those that r8scan finds.
//
//     revocation-service issue FOLDER COUNT [ACTIVE]   makes up tokens and writes them to standard output
//     revocation-service serve FOLDER [PORT]           answers on 127.0.0.1
//
// FOLDER holds all that it knows: tokens.db (hashes alone), webhook-key (what requests to disable are signed with, made
// at the first start), port (where it answers). Killing it loses nothing: a change is on disk before it is answered.
#include "routes.h"

#include <fcntl.h>
#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace fs = std::filesystem;

namespace {

void write_private(const fs::path& file, const std::string& text)
{
    const fs::path beside = file.string() + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    if (fd >= 0) {
        ::close(fd);
    }
    if (!written || std::rename(beside.c_str(), file.c_str()) != 0) {
        throw std::runtime_error("cannot write " + file.string());
    }
}

std::string key_in(const fs::path& folder)
{
    const fs::path file = folder / "webhook-key";
    if (!fs::exists(file)) {
        write_private(file, SignatureCheck::new_key() + "\n");
    }
    std::ifstream in(file);
    std::string key;
    std::getline(in, key);
    return key;
}

std::int64_t number_of(const char* text)
{
    std::size_t used = 0;
    const std::string word = text;
    const long long number = std::stoll(word, &used);
    if (used != word.size() || number < 0) {
        throw std::runtime_error("\"" + word + "\" is no number");
    }
    return number;
}

void serve(const fs::path& folder, int port)
{
    TokenStore tokens(folder / "tokens.db");
    const SignatureCheck signature(key_in(folder));
    httplib::Server server;
    // A connection that is kept open holds one of these; r8scan keeps 16.
    constexpr std::size_t threads = 64;
    constexpr std::size_t largest_body = 1U << 20U;
    constexpr std::size_t most_requests = 1'000'000;
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_keep_alive_max_count(most_requests);
    server.set_payload_max_length(largest_body);
    server.set_tcp_nodelay(true);
    add_routes(server, tokens, signature);
    const int bound = port == 0                                ? server.bind_to_any_port("127.0.0.1")
                      : server.bind_to_port("127.0.0.1", port) ? port
                                                               : -1;
    if (bound <= 0) {
        throw std::runtime_error("cannot listen on port " + std::to_string(port));
    }
    write_private(folder / "port", std::to_string(bound) + "\n");
    std::cout << "http://127.0.0.1:" << bound << std::endl;
    server.listen_after_bind();
}

int run(int count, char** words)
{
    const std::string command = count > 2 ? words[1] : "";
    if (command == "issue" && (count == 4 || count == 5)) {
        const std::int64_t wanted = number_of(words[3]);
        fs::create_directories(words[2]);
        TokenStore tokens(fs::path(words[2]) / "tokens.db");
        for (const std::string& token : tokens.issue(wanted, count == 5 ? number_of(words[4]) : wanted)) {
            std::cout << token << '\n';
        }
        return 0;
    }
    if (command == "serve" && (count == 3 || count == 4)) {
        fs::create_directories(words[2]);
        serve(words[2], count == 4 ? static_cast<int>(number_of(words[3])) : 0);
        return 0;
    }
    std::cerr << "revocation-service issue FOLDER COUNT [ACTIVE]\nrevocation-service serve FOLDER [PORT]\n";
    return 2;
}

}  // namespace

int main(int count, char** words)
{
    try {
        return run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "revocation-service: " << error.what() << '\n';
        return 1;
    }
}
