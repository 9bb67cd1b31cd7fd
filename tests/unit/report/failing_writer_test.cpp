// A report says so when a write fails, whichever write it is.
#include "report/json.h"
#include "report/jsonl.h"
#include "report/tee.h"
#include "report/text.h"
#include "tests/golden/made_up_scan.h"

#include <doctest/doctest.h>

#include <memory>

using namespace r8scan;
using namespace r8scan::report;

namespace {

class FailingWriter : public Writer {
public:
    explicit FailingWriter(unsigned fail_at) : m_left(fail_at) {}
    Result<void> write(std::string_view) override
    {
        return m_left-- == 0 ? Result<void>(Error(ErrorCode::io, "disk full")) : Result<void>();
    }

private:
    unsigned m_left;
};

template <typename Report, typename Options>
bool is_written_whole(unsigned fail_at, const Options& options)
{
    FailingWriter out(fail_at);
    Tee tee;
    tee.add(std::make_unique<Report>(out, options));
    for (const Finding& finding : test::made_up_findings()) {
        if (!tee.finding(finding)) {
            return false;
        }
    }
    return tee.summary(test::made_up_summary()).ok();
}

template <typename Report, typename Options>
void fail_each_write(unsigned writes, const Options& options)
{
    for (unsigned fail_at = 0; fail_at < writes; ++fail_at) {
        CAPTURE(fail_at);
        CHECK_FALSE(is_written_whole<Report>(fail_at, options));
    }
    CHECK(is_written_whole<Report>(writes, options));
}

}  // namespace

TEST_CASE("reports: a write that fails is an error of the report, whichever write it is")
{
    fail_each_write<JsonlReport>(16, false);  // a line for each finding, one for the summary
    fail_each_write<JsonReport>(16, false);
    fail_each_write<TextReport>(4, TextOptions{});  // a block for each token, one for the verdict
}
