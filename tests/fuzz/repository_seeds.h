// Seeds for the targets that read a repository's files, taken from a real one by git itself.
#pragma once

#include <filesystem>

/// Adds some objects, a pack of them with its indexes, the index file, the configuration and the logs of a repository
/// to the folders of the targets below `root`. Nothing where there is no git.
void add_repository_seeds(const std::filesystem::path& repository, const std::filesystem::path& root);

/// The same for a repository that is made for it, with everything that the other may lack.
void add_made_repository_seeds(const std::filesystem::path& root);
