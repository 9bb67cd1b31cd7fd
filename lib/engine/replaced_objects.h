// Says where git would show something else than what is told: it shows another object in place of one that a replace
// ref names, and other parents where grafts say so. Here both objects are read, and history is that of the true ones.
#pragma once

#include <r8scan/finding.h>

#include "git/refs.h"

#include <filesystem>

namespace r8scan {

/// Adds the replace ref to the refs of findings whose object or commit is replaced, and a note of either kind.
void name_replaced(const git::Refs& refs, const std::filesystem::path& common_dir, std::vector<Finding>& findings,
                   std::vector<std::string>& notes);

}  // namespace r8scan
