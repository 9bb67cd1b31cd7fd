// Where a report is written: standard output, a file, or a device such as /dev/null.
//
// A file is written beside its place under a temporary name and takes its place only in commit(), so that whoever reads
// it finds the old report or the new one, never half of one. A closed pipe is quiet: what comes after is dropped.
#pragma once

#include <r8scan/result.h>

#include "report/writer.h"
#include "util/file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace r8scan::cmd {

class OutputFile : public report::Writer {
public:
    /// Standard output; it stays open.
    static std::unique_ptr<OutputFile> standard_output();

    /// Any descriptor, which the caller keeps; `name` is for messages.
    static std::unique_ptr<OutputFile> on_descriptor(int fd, std::string name);

    /// A file that can be written: where it cannot, the error comes now. `is_private` makes it readable for the owner
    /// alone.
    static Result<std::unique_ptr<OutputFile>> open(const std::filesystem::path& path, bool is_private);

    /// A file that others write too, such as the page of a step: what is written goes behind what is there.
    static Result<std::unique_ptr<OutputFile>> append(const std::filesystem::path& path);

    ~OutputFile() override;  // without commit(), a file is as if it had never been opened
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    Result<void> write(std::string_view bytes) override;

    /// Writes what is held back, and puts the file in its place.
    Result<void> commit();

private:
    OutputFile(int fd, std::filesystem::path name) : m_fd(fd), m_name(std::move(name)) {}
    Result<void> flush();

    int m_fd;
    UniqueFd m_owned;  // the same descriptor, where it is ours to close
    std::filesystem::path m_name;
    std::filesystem::path m_temporary;  // empty where the name is written directly, or once committed
    std::string m_buffer;
    bool m_closed_pipe = false;
};

}  // namespace r8scan::cmd
