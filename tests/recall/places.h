// Places: what stands around a snippet in its stream. Every context is put into every place that suits it.
#pragma once

#include "tests/recall/case.h"

#include <functional>
#include <span>

namespace r8scan::test {

struct Place {
    std::string name;
    std::function<Snippet(const Snippet&, Rng&)> put;
    bool text = true;  // what it adds is UTF-8
    bool big = false;  // a megabyte: few cases
};

/// The first one adds nothing.
[[nodiscard]] std::span<const Place> places();

/// A megabyte of lines of lower-case words, and half a megabyte more on one last line.
[[nodiscard]] const std::string& long_text();

}  // namespace r8scan::test
