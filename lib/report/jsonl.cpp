#include "report/jsonl.h"

#include "report/record.h"

namespace r8scan::report {

Result<void> JsonlReport::finding(const Finding& finding)
{
    return m_out.write(one_line(finding_record(finding, m_show_secrets)) + '\n');
}

Result<void> JsonlReport::summary(const Summary& summary)
{
    return m_out.write(one_line(summary_record(summary)) + '\n');
}

}  // namespace r8scan::report
