#include "decode/container_magic.h"

namespace r8scan::decode {

namespace {

constexpr ContainerMagic magics[] = {
    {ContainerKind::gzip, R"(\x1f\x8b\x08)", 0},     {ContainerKind::bzip2, R"(BZh[1-9]1AY&SY)", 0},
    {ContainerKind::xz, R"(\xfd7zXZ\x00)", 0},       {ContainerKind::zstd, R"(\x28\xb5\x2f\xfd)", 0},
    {ContainerKind::zip, R"(PK\x03\x04)", 0},        {ContainerKind::seven_zip, R"(7z\xbc\xaf\x27\x1c)", 0},
    {ContainerKind::tar, R"(ustar)", 257},           {ContainerKind::ar, R"(!<arch>\n)", 0},
    {ContainerKind::rar, R"(Rar!\x1a\x07)", 0},      {ContainerKind::pdf, R"(%PDF-)", 0},
    {ContainerKind::png, R"(\x89PNG\r\n\x1a\n)", 0}, {ContainerKind::git_pack, R"(PACK\x00\x00\x00[\x02\x03])", 0},
};

}  // namespace

std::span<const ContainerMagic> container_magics()
{
    return magics;
}

bool begins_as_zlib(Bytes head)
{
    if (head.size() < 2 || head[0] != std::byte{0x78}) {
        return false;
    }
    const auto flags = std::to_integer<unsigned>(head[1]);
    return flags == 0x01 || flags == 0x5e || flags == 0x9c || flags == 0xda;
}

}  // namespace r8scan::decode
