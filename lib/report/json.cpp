#include "report/json.h"

#include "report/record.h"

namespace r8scan::report {

Result<void> JsonReport::finding(const Finding& finding)
{
    const char* before = m_begun ? ",\n" : "{\"findings\":[\n";
    m_begun = true;
    return m_out.write(before + one_line(finding_record(finding, m_show_secrets)));
}

Result<void> JsonReport::summary(const Summary& summary)
{
    const char* before = m_begun ? "\n],\n" : "{\"findings\":[],\n";
    return m_out.write(before + ("\"summary\":" + one_line(summary_record(summary))) + "}\n");
}

}  // namespace r8scan::report
