// Result<T> and Error: how the library says that something expected went wrong.
//
// A Result holds a value or an Error. An Error is a chain of context, outermost first, so that a message reads
// from the large to the small: `scan "/r": pack 1f3c…: object 9ab…: zlib: incorrect header`.
// Messages are lower case, without a full stop, with paths quoted. Broken invariants throw instead.
// Both types are values: copyable, movable, not synchronised.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace r8scan {

enum class ErrorCode {
    usage,        // the caller asked for something that makes no sense: nothing was scanned
    not_found,    // a file, repository or object that was named is not there
    permission,   // the operating system refused
    damaged,      // bytes that do not follow their format
    limit,        // a cap was reached
    unsupported,  // a format or extension that is not read
    interrupted,  // the caller asked to stop
    io,           // any other failure of the operating system
};

class Error {
public:
    Error(ErrorCode code, std::string message) : m_code(code), m_message(std::move(message)) {}

    [[nodiscard]] ErrorCode code() const { return m_code; }

    /// The whole chain, outermost context first, joined by ": ".
    [[nodiscard]] const std::string& message() const { return m_message; }

    /// The same error with one more layer of context in front.
    [[nodiscard]] Error within(std::string_view context) const
    {
        std::string joined(context);
        joined += ": ";
        joined += m_message;
        return {m_code, std::move(joined)};
    }

private:
    ErrorCode m_code;
    std::string m_message;
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value; throws std::bad_variant_access when there is none.
    [[nodiscard]] T& value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_error.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const { return std::get<1>(m_error); }

private:
    std::variant<std::monostate, Error> m_error;
};

}  // namespace r8scan
