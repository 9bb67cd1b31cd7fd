#include "cmd/print.h"

#include "cmd/exit_code.h"
#include "cmd/message.h"
#include "cmd/output_file.h"

namespace r8scan::cmd {

int print(const std::string& text)
{
    const std::unique_ptr<OutputFile> out = OutputFile::standard_output();
    for (const Result<void>& done : {out->write(text), out->commit()}) {
        if (!done) {
            say(done.error().message());
            return exit_incomplete;
        }
    }
    return exit_clean;
}

}  // namespace r8scan::cmd
