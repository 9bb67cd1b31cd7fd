// Delta streams: the same result as a slow reader that checks every byte, or an error where that has one.
#include "git/delta.h"
#include "tests/fuzz/require.h"

#include <optional>
#include <string>

using namespace r8scan;

namespace {

constexpr std::size_t largest_result = 1U << 20U;

// Straight from the format's description, without any cleverness.
class SlowReader {
public:
    SlowReader(const std::string& base, const std::uint8_t* data, std::size_t size)
        : m_base(base), m_data(data), m_size(size)
    {
    }

    std::optional<std::string> run()
    {
        const auto base_size = number();
        const auto result_size = number();
        if (!base_size || !result_size || *base_size != m_base.size()) {
            return std::nullopt;
        }
        std::string result;
        while (m_at < m_size) {
            const unsigned op = m_data[m_at++];
            if (op == 0) {
                return std::nullopt;
            }
            if (op < 0x80) {
                if (op > m_size - m_at) {
                    return std::nullopt;
                }
                result.append(reinterpret_cast<const char*>(m_data) + m_at, op);
                m_at += op;
            } else if (!copy(op, result)) {
                return std::nullopt;
            }
            if (result.size() > *result_size) {
                return std::nullopt;
            }
        }
        return result.size() == *result_size ? std::optional(result) : std::nullopt;
    }

private:
    bool copy(unsigned op, std::string& result)
    {
        std::uint64_t operands[2] = {0, 0};  // offset, size
        for (unsigned bit = 0; bit < 7; ++bit) {
            if ((op >> bit & 1U) != 0) {
                if (m_at == m_size) {
                    return false;
                }
                operands[bit / 4] |= std::uint64_t{m_data[m_at++]} << (8 * (bit % 4));
            }
        }
        const auto size = operands[1] == 0 ? 0x10000 : operands[1];
        if (operands[0] > m_base.size() || size > m_base.size() - operands[0] ||
            result.size() + size > largest_result) {
            return false;
        }
        result.append(m_base, operands[0], size);
        return true;
    }

    std::optional<std::uint64_t> number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; m_at < m_size && shift < 63; shift += 7) {
            const std::uint64_t byte = m_data[m_at++];
            value |= (byte & 0x7fU) << shift;
            if (byte < 0x80) {
                return value;
            }
        }
        return std::nullopt;
    }

    const std::string& m_base;
    const std::uint8_t* m_data;
    std::size_t m_size;
    std::size_t m_at = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2) {
        return 0;
    }
    std::string base(static_cast<std::size_t>(data[0]) << 8U | data[1], '\0');
    for (std::size_t i = 0; i < base.size(); ++i) {
        base[i] = static_cast<char>('a' + i % 23);
    }
    const Bytes stream(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
    const auto declared = git::Delta::declared_size(stream);
    if (!declared || *declared > largest_result) {
        return 0;
    }
    const auto delta = git::Delta::open(stream, base.size());
    const auto expected = SlowReader(base, data + 2, size - 2).run();
    if (!delta) {
        require(!expected);
        return 0;
    }
    require(delta->result_size() == *declared);
    std::string result(delta->result_size(), '\0');
    const auto applied = delta->apply(as_bytes(base), reinterpret_cast<std::byte*>(result.data()));
    require(applied.ok() == expected.has_value());
    require(!expected || *expected == result);
    return 0;
}
