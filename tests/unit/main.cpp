// The program that runs every unit test. Beyond doctest's own main it fails where doctest would quietly pass:
// a filter that matches no case (a name that CMake split in two is such a filter), and names that CMake cannot carry.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <string_view>

namespace {

/// Written by the listener below, read by main once the run is over. doctest makes the listener itself, so there is no
/// other way to hand a result out.
bool g_nothing_ran = false;
bool g_bad_name = false;

class StrictListener : public doctest::IReporter {
public:
    explicit StrictListener(const doctest::ContextOptions&) {}

    // Called for --list-test-cases, which is how CMake learns the names.
    void report_query(const doctest::QueryData& query) override
    {
        for (unsigned i = 0; i < query.num_data; ++i) {
            const std::string_view name = query.data[i]->m_name;
            if (name.find_first_of(";[]\\*?\"$") != std::string_view::npos) {
                std::fprintf(stderr, "test name with one of ; [ ] \\ * ? \" $ in it: %s\n", query.data[i]->m_name);
                g_bad_name = true;
            }
        }
    }

    void test_run_end(const doctest::TestRunStats& stats) override
    {
        g_nothing_ran = stats.numTestCasesPassingFilters == 0;
    }

    void test_run_start() override {}
    void test_case_start(const doctest::TestCaseData&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};

REGISTER_LISTENER("strict", 1, StrictListener);

}  // namespace

int main(int argc, char** argv)
{
    doctest::Context context(argc, argv);
    const int result = context.run();
    if (g_nothing_ran) {
        std::fprintf(stderr, "no test case matches the filter\n");
        return 1;
    }
    return g_bad_name ? 1 : result;
}
