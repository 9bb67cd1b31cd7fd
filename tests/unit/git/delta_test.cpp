// Delta streams: what is accepted is applied as the reference applies it, what is not is refused.
#include "git/delta.h"
#include "tests/support/delta_builder.h"
#include "tests/support/random_delta.h"
#include "tests/support/tokens.h"

#include <doctest/doctest.h>

using namespace r8scan;
using namespace r8scan::test;

namespace {

std::optional<std::string> applied(std::string_view base, std::string_view stream)
{
    const auto delta = git::Delta::open(as_bytes(stream), base.size());
    std::string result(delta ? delta->result_size() : 0, '?');
    const auto done = delta ? delta->apply(as_bytes(base), reinterpret_cast<std::byte*>(result.data()))
                            : Result<void>(delta.error());
    if (!done) {
        CHECK(done.error().code() == ErrorCode::damaged);
        return std::nullopt;
    }
    return result;
}

}  // namespace

TEST_CASE("deltas are applied as the reference applies them")
{
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        Rng rng(seed);
        const auto base = random_base(rng, random_token(rng), rng.between(1, 5000), true);
        const auto step = random_delta(rng, base, random_token(rng));
        const auto result = applied(base, step.delta);
        REQUIRE_MESSAGE(result.has_value(), "seed " << seed);
        REQUIRE_MESSAGE(*result == step.target, "seed " << seed);
    }
}

TEST_CASE("broken deltas are refused exactly where the reference refuses them")
{
    std::size_t refused = 0;
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        Rng rng(seed);
        const auto base = random_text(rng, rng.between(1, 300));
        auto stream = random_delta(rng, base, random_token(rng)).delta;
        for (auto flips = rng.between(1, 3); flips != 0; --flips) {
            stream[rng.below(stream.size())] ^= static_cast<char>(1U << rng.below(8));
        }
        if (rng.chance(20)) {
            stream.resize(rng.below(stream.size() + 1));
        }
        const auto declared = git::Delta::declared_size(as_bytes(stream));
        if (declared && *declared > (1U << 24U)) {
            continue;  // the reference would build it
        }
        const auto ours = applied(base, stream);
        const auto theirs = apply_delta(base, stream);
        REQUIRE_MESSAGE(ours == theirs, "seed " << seed);
        refused += ours ? 0U : 1U;
    }
    CHECK(refused > 1000);
}

TEST_CASE("a copy without a size means 65536 bytes")
{
    Rng rng(1);
    const auto base = random_text(rng, 70000);
    for (const auto form : {CopyForm::shortest, CopyForm::all_bytes, CopyForm::zero_size}) {
        DeltaBuilder builder(base);
        builder.copy(100, 0x10000, form);
        CHECK(applied(base, builder.delta()) == base.substr(100, 0x10000));
    }
}

TEST_CASE("the declared size is known before anything else is checked")
{
    DeltaBuilder builder("base");
    builder.insert("x").declare_result_size(std::uint64_t{1} << 40U);
    const auto stream = builder.delta();
    const auto size = git::Delta::declared_size(as_bytes(stream));
    REQUIRE(size.ok());
    CHECK(*size == std::uint64_t{1} << 40U);
    CHECK(!git::Delta::open(as_bytes(stream), 5).ok());
}
