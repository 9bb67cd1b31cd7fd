// Made-up tokens of documentation are told from real ones, and real ones are not taken for made-up.
#include "match/placeholder.h"

#include "tests/support/tokens.h"

#include <doctest/doctest.h>

#include <vector>

using namespace r8scan;
using namespace r8scan::test;

namespace {

constexpr std::size_t body_size = 37;

// "r8_" and the block as often as it takes.
std::string filled(const std::string& block)
{
    std::string body;
    while (body.size() < body_size) {
        body += block;
    }
    return std::string("r8") + '_' + body.substr(0, body_size);
}

std::string plain_random_token(Rng& rng)
{
    constexpr std::string_view base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    std::string body;
    while (body.size() < body_size) {
        body += base62[rng.below(base62.size())];
    }
    return std::string("r8") + '_' + body;
}

void check_all(const std::vector<std::string>& blocks)
{
    for (const auto& block : blocks) {
        CHECK_MESSAGE(is_placeholder(filled(block)), block);
    }
}

}  // namespace

TEST_CASE("a character or a block repeated is a placeholder")
{
    check_all({"x",
               "X",
               "0",
               "a",
               "1",
               "Z",
               "ab",
               "xX",
               "aB3",
               "abc123",
               "ABC123def",
               "deadbeef",
               "DeadBeefCafe",
               "123abc",
               "test",
               "0000x",
               "f00d",
               "Q7rT2",
               "k3Jd8sPq1Lz",
               "aBcD1234eFgH",
               "Xy9Kp2Lm4Qr7",
               "7Fq2Lm9Zt4Xc8Rb1Vn"});
}

TEST_CASE("a block repeated with a few other characters is a placeholder")
{
    check_all({"xxxxxxxxxxxxxxxxxREPLACExxxxxxxxxxxxxx", "abc123abc123abc123abc123abc123abc12Z9",
               "1111111111222222222233333333334444444", "aaaaaaaaaabbbbbbbbbbccccccccccddddddd",
               "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJ", "aabbccddeeffgghhiijjkkllmmnnooppqqrrs",
               "xxxxXXXXxxxxXXXXxxxx1234xxxxXXXXxxxxX", "00000000000000000000000000000000000a1",
               "Hxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx9"});
}

TEST_CASE("the alphabet and the digits in order are placeholders")
{
    check_all({"1234567890abcdefghijklmnopqrstuvwxyzA",
               "abcdefghijklmnopqrstuvwxyz0123456789A",
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJK",
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijk",
               "0123456789abcdef0123456789abcdef01234",
               "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZa",
               "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789A",
               "zyxwvutsrqponmlkjihgfedcba9876543210Z",
               "9876543210",
               "1234567890",
               "abcdefg1234567",
               "abcd1234efgh5678ijkl9012mnop3456qrst7",
               "AbCd1234EfGh5678IjKl9012MnOp3456QrSt7",
               "abc123def456ghi789jkl012mno345pqr678s",
               "1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9",
               "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s",
               "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5z",
               "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S",
               "abcABC123defDEF456ghiGHI789jklJKL012m",
               "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRs"});
}

TEST_CASE("a few characters in whatever order are a placeholder")
{
    check_all({"3141592653589793238462643383279502884", "abcabdacbdabcdbacbdadbcabdcbadcbabdca",
               "xXxx00xX0xXx0XXx0xx0xX0XxxX00xXx0xXxx"});
}

TEST_CASE("keyboard rows are placeholders")
{
    check_all({"qwertyuiopasdfghjklzxcvbnm1234567890q", "qwertyuiop", "QwErTyUiOpAsDfGhJkLzXcVbNm1234567890Q",
               "asdfghjkl", "asdf1234", "poiuytrewqlkjhgfdsamnbvcxz0987654321p",
               "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0pz", "qazwsxedcrfvtgbyhnujmikolp1234567890q",
               "qwer1234asdf5678zxcv9012tyui3456ghjk7", "a1s2d3f4g5h6j7k8l9q1w2e3r4t5y6u7i8o9p"});
}

TEST_CASE("words run together are placeholders")
{
    check_all({"YourReplicateApiTokenGoesHereExampleA",
               "ThisIsNotARealTokenItIsJustAnExample1",
               "YourTokenHere",
               "yourtokenhere123",
               "YOURAPITOKENHERE",
               "PutYourReplicateTokenHere1a9Zk3Qw7Lp2x",
               "InsertYourApiKeyHereBeforeUse8Kq2Zv7",
               "replaceMeWithYourRealKey1a2Zq9Xv4Lk8W",
               "MySecretTokenForTests5Xk29QpZr81LmTwG",
               "FakeTokenForUnitTests8kQ2zXv71LmTwGp3",
               "dummyToken9Xk2QpZr81LmTwGb4Vn6Js3Hd0",
               "testtoken9Xk2QpZr81LmTwGb4Vn6Js3Hd0Yf",
               "9Xk2QpZr81LmEXAMPLETwGb4Vn6Js3Hd0YfQa",
               "9Xk2placeholderQpZr81LmTwGb4Vn6Js3Hd0",
               "foobarbazquxfoobar9Xk2QpZr81LmTwGb4Vn",
               "loremipsumdolorsitametconsecteturadip",
               "deadbeefcafebabe9Xk2QpZr81LmTwGb4Vn6J",
               "changeme9Xk2QpZr81LmTwGb4Vn6Js3Hd0YfQ",
               "HelloWorldHelloWorld9Xk2QpZr81LmTwGb4",
               "NotARealKey9Xk2QpZr81LmTwGb4Vn6Js3Hd0",
               "redactedredacted9Xk2QpZr81LmTwGb4Vn6J",
               "SuperSecretPassword9Xk2QpZr81LmTwGb4V",
               "enterYourKey9Xk2QpZr81LmTwGb4Vn6Js3Hd"});
}

TEST_CASE("what looks drawn at random is no placeholder")
{
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        CHECK_FALSE(is_placeholder(token(seed)));
    }
    // One short word, a short run or a repeated pair happens.
    for (const char* body : {"9Xk2QpkeyZr81LmTwGb4Vn6Js3Hd0YfQa5cUi", "9Xk2QpTokenr81LmTwGb4Vn6Js3Hd0YfQa5cU",
                             "9Xk2abcdQpZr81LmTwGb4Vn6Js3Hd0YfQa5cU", "9Xk2QpZr81Lm777wGb4Vn6Js3Hd0YfQa5cUi8",
                             "9Xk2QpZr81LmTwGb4Vn6qwertHd0YfQa5cUi8"}) {
        CHECK_FALSE_MESSAGE(is_placeholder(filled(body)), body);
    }
}

TEST_CASE("secrets of other rules are judged without their prefix, and long ones in proportion")
{
    Rng rng(7);
    CHECK(is_placeholder("whsec_" + std::string(32, 'x')));
    CHECK(is_placeholder(std::string(40, '0')));
    CHECK_FALSE(is_placeholder(""));
    CHECK_FALSE(is_placeholder(std::string("r8") + '_'));
    int dropped = 0;
    for (int i = 0; i < 10000; ++i) {
        dropped += is_placeholder("whsec_" + base64(random_bytes(rng, 24))) ? 1 : 0;
    }
    CHECK(dropped == 0);
    for (int i = 0; i < 100; ++i) {
        CHECK_FALSE(is_placeholder(base64(random_bytes(rng, 3000))));
    }
}

// Measured over 60,000,000: 27, that is one in 2,200,000.
TEST_CASE("of a million random tokens at most ten are taken for placeholders")
{
    Rng rng(2024);
    int dropped = 0;
    for (int i = 0; i < 1000000; ++i) {
        dropped += is_placeholder(plain_random_token(rng)) ? 1 : 0;
    }
    CHECK(dropped <= 10);
}
