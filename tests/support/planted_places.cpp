// The catalogue: every row of "Every place a token can be", and how a token gets there. See planted_site.h.
#include <filesystem>
#include <fstream>

#include "tests/support/planted_site.h"
#include "tests/support/tokens.h"

namespace r8scan::test {
namespace {

namespace fs = std::filesystem;

constexpr unsigned everything = git_all | git_worktree;
constexpr unsigned of_refs = everything | git_no_unreachable;
constexpr unsigned of_main = of_refs | git_branch;
constexpr unsigned of_range = of_main | git_range | push_command | receive_command;
constexpr unsigned of_tags = of_refs | push_command | receive_command;

std::string text_with(const std::string& token)
{
    return "one\nkey = \"" + token + "\"\nthree\n";
}

std::string utf16(const std::string& text)
{
    std::string wide = "\xff\xfe";
    for (const char c : text) {
        wide += c;
        wide += '\0';
    }
    return wide;
}

/// A blob that a commit of the range brings and the next takes away.
void plant_blob(PlantedSite& site, const std::string& name, const std::string& token, const std::string& path,
                File file)
{
    site.bring_and_take({{path, std::move(file)}});
    site.add({name, token, of_range, "blob", path});
}

/// A token in the headers or the message of a commit of the range.
void plant_commit(PlantedSite& site, const std::string& name, const std::string& token, const std::string& message,
                  const CommitOptions& options)
{
    site.commit(site.files, message, options);
    site.add({name, token, of_range, "commit", std::nullopt});
}

CommitOptions with_header(const std::string& lines)
{
    CommitOptions options;
    options.extra_headers = lines;
    return options;
}

void plant_tag(PlantedSite& site, const std::string& name, const std::string& token, const std::string& message,
               const std::string& tagger)
{
    const std::string tag = "tag-" + std::to_string(site.plants.size());
    const Id id = site.repo.tag_object(site.tip, Type::commit, tag, message, tagger);
    site.repo.ref("refs/tags/" + tag, id);
    site.pushed.push_back("refs/tags/" + tag + ' ' + id.hex() + " refs/tags/" + tag + ' ' +
                          zero_id(site.repo.hash()).hex());
    site.add({name, token, of_tags, "tag", std::nullopt});
}

void plant_metadata(PlantedSite& site, const std::string& name, const std::string& token, const std::string& file)
{
    site.git_file(file, "# a line\n# key " + token + "\n");
    site.add({name, token, everything, "metadata", site.shown(file)});
}

void plant_ref(PlantedSite& site, const std::string& name, const std::string& token, const std::string& prefix)
{
    site.repo.ref(prefix + token, site.tip);
    site.add({name, token, of_refs, "ref", prefix + redacted(token)});
}

std::string lfs_object(PlantedSite& site, const std::string& content)
{
    const std::string oid = to_hex(digest(Hash::sha256, content));
    site.git_file("lfs/objects/" + oid.substr(0, 2) + '/' + oid.substr(2, 2) + '/' + oid, content);
    return oid;
}

std::string lfs_pointer(const std::string& oid, std::size_t size)
{
    return "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + std::to_string(size) + "\n";
}

using Site = PlantedSite;
using Text = const std::string;

const std::vector<PlantedPlace> catalogue = {
    {"blob of an old commit", true, false, [](Site& s, Text& n, Text& t) {
         s.bring_and_take({{"old.txt", text_with(t)}});
         s.add({n, t, of_main, "blob", "old.txt"});
     }},
    {"file that stands at HEAD since long", true, true, [](Site& s, Text& n, Text& t) {
         s.keep("since-long.txt", text_with(t));
         s.add({n, t, of_main | dir_command, "blob", "since-long.txt"});
     }},
    {"blob of a commit", false, false, [](Site& s, Text& n, Text& t) { plant_blob(s, n, t, "dir/new.txt", text_with(t)); }},
    {"file that stands at HEAD", false, true, [](Site& s, Text& n, Text& t) {
         s.keep("dir/at-head.txt", text_with(t));
         s.add({n, t, of_range | dir_command, "blob", "dir/at-head.txt"});
     }},
    {"resolution of a merge", false, false, [](Site& s, Text& n, Text& t) {
         Files left = s.files;
         Files right = s.files;
         Files merged = s.files;
         left.insert({"merged.txt", "left\n"});
         right.insert({"merged.txt", "right\n"});
         merged.insert({"merged.txt", text_with(t)});
         const Id other = s.repo.commit_files(right, {s.tip}, "Right");
         s.commit(left, "Left");
         s.tip = s.repo.commit_files(merged, {s.tip, other}, "Merge");
         s.commit(s.files, "Less");
         s.add({n, t, of_range, "blob", "merged.txt"});
     }},
    {"rename with an edit", false, false, [](Site& s, Text& n, Text& t) {
         s.bring_and_take({{"before.txt", "one\ntwo\nthree\nfour\nfive\n"}});
         s.bring_and_take({{"after.txt", "one\ntwo\nthree\nfour\nfive\n" + t + "\n"}});
         s.add({n, t, of_range, "blob", "after.txt"});
     }},
    {"target of a symbolic link", false, false, [](Site& s, Text& n, Text& t) { plant_blob(s, n, t, "link", File("/keys/" + t, mode_symlink)); }},
    {"UTF-16 file", false, false, [](Site& s, Text& n, Text& t) { plant_blob(s, n, t, "wide.txt", utf16(text_with(t))); }},
    {"binary file", false, false, [](Site& s, Text& n, Text& t) {
         plant_blob(s, n, t, "tool.bin", std::string("\0\1\2\0", 4) + t + std::string("\0\xff\0", 3));
     }},
    {"file under -diff", false, false, [](Site& s, Text& n, Text& t) {
         s.bring_and_take({{".gitattributes", "*.lock -diff\n"}, {"deps.lock", text_with(t)}});
         s.add({n, t, of_range, "blob", "deps.lock"});
     }},
    {"message of a commit", false, false, [](Site& s, Text& n, Text& t) { plant_commit(s, n, t, "Use " + t + " now", {}); }},
    {"author", false, false, [](Site& s, Text& n, Text& t) {
         CommitOptions options;
         options.author = "A " + t + " <author@example.com>";
         plant_commit(s, n, t, "More", options);
     }},
    {"committer", false, false, [](Site& s, Text& n, Text& t) {
         CommitOptions options;
         options.committer = "A <" + t + "@example.com>";
         plant_commit(s, n, t, "More", options);
     }},
    {"unknown header", false, false, [](Site& s, Text& n, Text& t) { plant_commit(s, n, t, "More", with_header("x-key " + t + "\n")); }},
    {"encoding header", false, false, [](Site& s, Text& n, Text& t) { plant_commit(s, n, t, "More", with_header("encoding " + t + "\n")); }},
    {"gpgsig", false, false, [](Site& s, Text& n, Text& t) {
         plant_commit(s, n, t, "More", with_header("gpgsig -----BEGIN PGP SIGNATURE-----\n " + t + "\n -----END PGP SIGNATURE-----\n"));
     }},
    {"mergetag", false, false, [](Site& s, Text& n, Text& t) {
         plant_commit(s, n, t, "More", with_header("mergetag object " + s.base.hex() + "\n type commit\n tag v1\n tagger A <a@example.com> 1 +0000\n \n " + t + "\n"));
     }},
    {"name of a file", false, false, [](Site& s, Text& n, Text& t) {
         s.bring_and_take({{"dir/" + t + ".txt", "nothing\n"}});
         s.add({n, t, of_range, "tree", "dir/" + redacted(t) + ".txt"});
     }},
    {"name of a folder", false, false, [](Site& s, Text& n, Text& t) {
         s.bring_and_take({{"dir/for-" + t + "/file", "nothing\n"}});
         s.add({n, t, of_range, "tree", "dir/for-" + redacted(t)});
     }},
    {"LFS object", false, false, [](Site& s, Text& n, Text& t) {
         const std::string content = "a large file\n" + text_with(t);
         const std::string pointer = lfs_pointer(lfs_object(s, content), content.size());
         plant_blob(s, n, t, "assets/large.bin", pointer);
         s.plants.back().seen_by &= ~static_cast<unsigned>(receive_command);  // the object does not come with a push
     }},
    {"LFS object without a pointer", false, false, [](Site& s, Text& n, Text& t) {
         const std::string oid = lfs_object(s, text_with(t));
         s.add({n, t, everything, "blob", s.shown("lfs/objects/" + oid.substr(0, 2) + '/' + oid.substr(2, 2) + '/' + oid)});
     }},
    {"stash, an older entry", false, false, [](Site& s, Text& n, Text& t) {
         s.older_stashes.push_back(text_with(t));
         s.add({n, t, everything, "blob", "stashed"});
     }},
    {"stash, its files", false, false, [](Site& s, Text& n, Text& t) {
         s.stash_work_tree = text_with(t);
         s.add({n, t, of_refs, "blob", "stashed"});
     }},
    {"stash, its index", false, false, [](Site& s, Text& n, Text& t) {
         s.stash_index = text_with(t);
         s.add({n, t, of_refs, "blob", "stashed-index"});
     }},
    {"stash, its untracked files", false, false, [](Site& s, Text& n, Text& t) {
         s.stash_untracked = text_with(t);
         s.add({n, t, of_refs, "blob", "untracked-stash"});
     }},
    {"note", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.note(s.tip, "deployed with " + t);
         s.add({n, t, of_refs, "blob", s.tip.hex()});
     }},
    {"commit that only a reflog knows", false, false, [](Site& s, Text& n, Text& t) {
         const Id lost = s.repo.commit_files({{"amended", text_with(t)}}, {s.tip}, "Amended away");
         s.repo.reflog("HEAD", {{s.tip, lost, "commit"}, {lost, s.tip, "reset"}});
         s.add({n, t, everything, "blob", "amended"});
     }},
    {"commit that nothing knows", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.commit_files({{"lost", text_with(t)}}, {s.tip}, "Lost");
         s.add({n, t, everything, "blob", "lost"});
     }},
    {"message of a commit that nothing knows", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.commit_files(s.files, {s.tip}, "Lost with " + t);
         s.add({n, t, everything, "commit", std::nullopt});
     }},
    {"dangling blob", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.blob(text_with(t));
         s.add({n, t, everything, "blob", std::nullopt});
     }},
    {"staged file", false, true, [](Site& s, Text& n, Text& t) {
         s.staged["config/staged.env"] = s.repo.blob(text_with(t));
         s.add({n, t, everything | staged_command, "blob", "config/staged.env"});
     }},
    {"name of a staged file", false, true, [](Site& s, Text& n, Text& t) {
         s.staged["config/" + t] = s.repo.blob("nothing\n");
         s.add({n, t, everything | staged_command, "index", "config/" + redacted(t)});
     }},
    {"name of a staged file whose blob is missing", false, true, [](Site& s, Text& n, Text& t) {
         s.staged["lost/" + t] = object_id(s.repo.hash(), Type::blob, "never written");
         s.incomplete = true;
         s.add({n, t, everything | staged_command, "index", "lost/" + redacted(t)});
     }},
    {"blob that a tag names", false, false, [](Site& s, Text& n, Text& t) {
         const Id blob = s.repo.blob(text_with(t));
         s.repo.ref("refs/tags/key", blob);
         s.pushed.push_back("refs/tags/key " + blob.hex() + " refs/tags/key " + zero_id(s.repo.hash()).hex());
         s.add({n, t, of_tags, "blob", std::nullopt});
     }},
    {"message of a tag", false, false, [](Site& s, Text& n, Text& t) { plant_tag(s, n, t, "Released with " + t, std::string(default_person)); }},
    {"tagger", false, false, [](Site& s, Text& n, Text& t) { plant_tag(s, n, t, "Released", "A " + t + " <a@example.com>"); }},
    {"name of a branch", false, false, [](Site& s, Text& n, Text& t) { plant_ref(s, n, t, "refs/heads/use-"); }},
    {"name of a tag", false, false, [](Site& s, Text& n, Text& t) { plant_ref(s, n, t, "refs/tags/"); }},
    {"name of another ref", false, false, [](Site& s, Text& n, Text& t) { plant_ref(s, n, t, "refs/custom/"); }},
    {"text of a reflog", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.reflog("refs/heads/main", {{s.base, s.base, "commit: use " + t}});
         s.add({n, t, everything, "metadata", s.shown("logs/refs/heads/main")});
     }},
    {"address of a remote", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.config("[remote \"origin\"]\n\turl = https://user:" + t + "@example.com/x.git\n");
         s.add({n, t, everything, "metadata", s.shown("config")});
     }},
    {"FETCH_HEAD", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "FETCH_HEAD"); }},
    {"COMMIT_EDITMSG", false, false, [](Site& s, Text& n, Text& t) {
         plant_metadata(s, n, t, "COMMIT_EDITMSG");
         s.plants.back().seen_by |= message_command;
     }},
    {"MERGE_MSG", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "MERGE_MSG"); }},
    {"comment of packed-refs", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "packed-refs"); }},
    {"info/exclude", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "info/exclude"); }},
    {"info/sparse-checkout", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "info/sparse-checkout"); }},
    {"hook", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "hooks/pre-push"); }},
    {"state of a rebase", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "rebase-merge/message"); }},
    {"state of a sequence", false, false, [](Site& s, Text& n, Text& t) { plant_metadata(s, n, t, "sequencer/todo"); }},
    {"git folder of a submodule", false, false, [](Site& s, Text& n, Text& t) {
         RepoBuilder module(s.repo.git_dir() / "modules" / "sub", {.hash = s.repo.hash(), .bare = true});
         module.ref("refs/heads/main", module.commit_files({{"in-module", text_with(t)}}, {}, "Start"));
         s.add({n, t, of_refs, "blob", "in-module"});
     }},
    {"HEAD of a linked worktree", false, false, [](Site& s, Text& n, Text& t) {
         const Id there = s.repo.commit_files({{"in-linked", text_with(t)}}, {s.tip}, "In the other working tree");
         s.repo.linked_worktree("head", s.dir / "linked-head", there);
         s.add({n, t, of_refs, "blob", "in-linked"});
     }},
    {"git folder of a linked worktree", false, false, [](Site& s, Text& n, Text& t) {
         s.repo.linked_worktree("other", s.dir / "linked-other", s.tip);
         plant_metadata(s, n, t, "worktrees/other/COMMIT_EDITMSG");
     }},
    {"alternate", false, false, [](Site& s, Text& n, Text& t) {
         RepoBuilder store(s.dir / "store.git", {.hash = s.repo.hash(), .bare = true});
         store.blob(text_with(t));
         s.repo.alternates({store.objects_dir()});
         s.allow_outside = true;
         s.add({n, t, everything, "blob", std::nullopt});
     }},
    {"untracked file", false, true, [](Site& s, Text& n, Text& t) {
         s.repo.file("notes/untracked.txt", text_with(t));
         s.add({n, t, git_worktree | dir_command, "file", "notes/untracked.txt"});
     }},
    {"ignored file", false, true, [](Site& s, Text& n, Text& t) {
         s.git_file("info/exclude", "*.env\n");
         s.repo.file("local.env", text_with(t));
         s.add({n, t, git_worktree | dir_command, "file", "local.env"});
     }},
    {"symbolic link in the working tree", false, true, [](Site& s, Text& n, Text& t) {
         fs::create_symlink("/keys/" + t, s.repo.dir() / "to-key");
         s.add({n, t, git_worktree | dir_command, "file", "to-key"});
     }},
};

}  // namespace

const std::vector<PlantedPlace>& planted_places()
{
    return catalogue;
}

}  // namespace r8scan::test
