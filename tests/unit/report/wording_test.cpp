#include "report/wording.h"

#include <doctest/doctest.h>

using namespace r8scan::report;

TEST_CASE("wording: numbers get separators and nouns their plural")
{
    CHECK(with_separators(0) == "0");
    CHECK(with_separators(999) == "999");
    CHECK(with_separators(1000) == "1,000");
    CHECK(with_separators(849014) == "849,014");
    CHECK(with_separators(18446744073709551615U) == "18,446,744,073,709,551,615");
    CHECK(count_of(0, "token") == "0 tokens");
    CHECK(count_of(1, "token") == "1 token");
    CHECK(count_of(1200, "entry", "entries") == "1,200 entries");
    CHECK(joined({}) == "");
    CHECK(joined({"a"}) == "a");
    CHECK(joined({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("wording: bytes and durations have three digits and never four")
{
    CHECK(human_bytes(0) == "0 B");
    CHECK(human_bytes(999) == "999 B");
    CHECK(human_bytes(999.7) == "1.00 kB");
    CHECK(human_bytes(1000) == "1.00 kB");
    CHECK(human_bytes(12345) == "12.3 kB");
    CHECK(human_bytes(999499) == "999 kB");
    CHECK(human_bytes(999501) == "1.00 MB");
    CHECK(human_bytes(8.26e9) == "8.26 GB");
    CHECK(human_duration(0) == "0 ms");
    CHECK(human_duration(640) == "640 ms");
    CHECK(human_duration(2310) == "2.31 s");
    CHECK(human_duration(59949) == "59.9 s");
    CHECK(human_duration(192000) == "3 min 12 s");
    CHECK(human_duration(3600000.0 * 2 + 60000) == "2 h 1 min");
}
