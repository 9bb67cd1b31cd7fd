// Tokens in source, config, logs and documents, as they are: rows of forms. What a character beside a token means is
// in the boundary tables of detection; each row of those is here too.
#include "tests/recall/contexts.h"

namespace r8scan::test {
namespace {

struct Form {
    const char* name;
    const char* form;
    Confidence confidence = Confidence::high;
};

constexpr Form plain_forms[] = {
    {"os.environ", "os.environ[\"REPLICATE_API_TOKEN\"] = \"{token}\""},
    {"new Replicate", "const replicate = new Replicate({ auth: \"{token}\" });"},
    {"Authorization: Token", "Authorization: Token {token}"},
    {"Authorization: Bearer", "Authorization: Bearer {token}"},
    {"curl", "curl -s -H \"Authorization: Bearer {token}\" https://api.replicate.com/v1/predictions"},
    {"curl over lines", "curl \\\n  -H 'Authorization: Token {token}' \\\n  https://api.replicate.com/v1/models"},
    {".env", "REPLICATE_API_TOKEN={token}"},
    {".env, export and quotes", "export REPLICATE_API_TOKEN='{token}'"},
    {"comment beside the code", "replicate.run(model)  # {token}"},
    {"comment of C", "run(); // {token}"},
    {"comment of C in one line", "run(/*{token}*/ 1);"},
    {"comment of HTML", "<!-- {token} -->"},
    {"comment of Lisp", "(run) ;{token}"},
    {"commented-out second token", "token = \"{other}\"\n# token = \"{token}\""},
    {"commented-out, touching", "token = {other}\n#{token}"},
    {"minified JavaScript", "!function(e){var t=new n(49),r={auth:\"{token}\"};e.exports=t(r)}(0),function(){}"},
    {"YAML", "replicate:\n  token: {token}\n"},
    {"YAML flow", "{token: {token}}"},
    {"YAML list", "env:\n- {token}\n"},
    {"YAML folded", "token: >-\n  {token}\nnext: 1\n"},
    {"TOML", "[replicate]\ntoken = \"{token}\"\n"},
    {"INI", "[replicate]\ntoken={token};prod\n"},
    {"properties", "replicate.token:{token}\n"},
    {"CSV", "a,{token},b"},
    {"CSV, quoted", "\"a\",\"{token}\",\"b\""},
    {"TSV", "a\t{token}\tb"},
    {"Markdown link", "[key]({token})"},
    {"Markdown code", "use `{token}` here"},
    {"Markdown bold", "**{token}**"},
    {"Markdown fence", "```\n{token}\n```"},
    {"Markdown table", "|key|{token}|"},
    {"Markdown emphasis", "_{token}_", Confidence::medium},
    {"code tag", "<code>{token}</code>"},
    {"attribute", "<input value=\"{token}\">"},
    {"plist", "<key>ReplicateToken</key>\n<string>{token}</string>"},
    {"Android strings", "<string name=\"replicate_token\" translatable=\"false\">{token}</string>"},
    {"URL query", "https://host/run?token={token}&x=1"},
    {"URL query, last", "https://host/run?token={token}#top"},
    {"URL path", "https://host/{token}/run"},
    {"URL userinfo", "https://x:{token}@host/"},
    {"URL user", "git clone https://{token}@host/x.git"},
    {"sentence end", "My token is {token}."},
    {"question", "Is it {token}?"},
    {"exclamation", "Never use {token}!"},
    {"brackets", "(see {token})"},
    {"square brackets", "[{token}]"},
    {"angle brackets", "<{token}>"},
    {"guillemets", "«{token}»"},
    {"Chinese punctuation", "密钥：{token}。"},
    {"ellipsis", "…{token}…"},
    {"typographic quotes", "“{token}”"},
    {"ARM template", "\"value\": \"[concat('Token ', '{token}')]\""},
    {"Bicep", "param replicateToken string = '{token}'"},
    {"Terraform", "variable \"t\" {\n  default = \"{token}\"\n}\n"},
    {"Terraform state", "\"attributes\": {\"id\": \"1\", \"replicate_token\": \"{token}\", \"tags\": {}}"},
    {"HCL heredoc", "token = <<EOT\n{token}\nEOT\n"},
    {"Kubernetes Secret, stringData", "stringData:\n  token: {token}\n"},
    {"image config", "{\"config\":{\"Env\":[\"PATH=/bin\",\"REPLICATE_API_TOKEN={token}\"],\"Cmd\":null}}"},
    {"Dockerfile", "ENV REPLICATE_API_TOKEN={token} MODEL=x"},
    {"MCP config", "\"env\": {\"REPLICATE_API_TOKEN\": \"{token}\"}"},
    {"MCP config, argument", "\"args\": [\"-y\", \"mcp\", \"--header\", \"Authorization: Bearer {token}\"]"},
    {"shell history", ": 1700000000:0;export REPLICATE_API_TOKEN={token}"},
    {"shell history, echo", "echo {token}|pbcopy"},
    {"command substitution", "X=$(login {token})"},
    {"SQL dump", "INSERT INTO `keys` VALUES (1,'{token}','x');"},
    {"SQL dump, copy", "COPY keys FROM stdin;\n1\t{token}\tx\n\\."},
    {"Postman", "{\"key\":\"token\",\"value\":\"{token}\",\"type\":\"string\"}"},
    {"HTTP cassette, YAML", "    Authorization:\n    - Bearer {token}\n    Accept:\n"},
    {"HTTP cassette, HAR", "{\"name\":\"authorization\",\"value\":\"Token {token}\"}"},
    {"HTTP request", "GET / HTTP/1.1\r\nAuthorization: Token {token}\r\n\r\n"},
    {"coloured log", "\x1b[32m{token}\x1b[0m"},
    {"coloured log, 256 colours", "\x1b[38;5;208m{token}\x1b[39m"},
    {"coloured log, reset", "token: \x1b[0m{token}\x1b[K"},
    {"diff", "@@ -1 +1 @@\n-{token}\n+none\n"},
    {"assembler", ".ascii \"{token}\\0\""},
    {"equals sign", "--token={token}=x"},
    {"dollar", "${token}$"},
    {"dash before", "-{token} "},
    {"dash behind", "{token}- next"},
    {"underscore behind", "{token}_\""},
    {"two dashes behind", "{token}-- next"},
    {"word before", "FAKE_{token}", Confidence::medium},
    {"words before", "MY_OLD_{token}", Confidence::medium},
    {"word behind", "{token}_old", Confidence::medium},
    {"word behind a dash", "{token}-old", Confidence::medium},
    {"number behind a dash", "backup {token}-2024.txt", Confidence::medium},
};

// What stands directly before a token; `x` stands before that.
constexpr const char* escapes_before[] = {
    "\\n",
    "\\t",
    "\\r",
    "\\f",
    "\\v",
    "\\b",
    "\\a",
    "\\e",
    "\\0",
    "\\\\n",
    "\\\\t",
    "\\\\\\\\n",
    "\\r\\n",
    "\\x20",
    "\\x3D",
    "\\x3d",
    "\\x0A",
    "\\u0022",
    "\\u003D",
    "\\u000a",
    "\\u{22}",
    "\\u{0022}",
    "\\U00000022",
    "\\042",
    "\\075",
    "\\12",
    "\\\\x20",
    "\\\\u0022",
    "\\\\\\\\u0022",
    "%22",
    "%20",
    "%3D",
    "%3d",
    "%0A",
    "%27",
    "%2522",
    "%253D",
    "%250A",
    "=20",
    "=3D",
    "=0A",
    "&quot;",
    "&#34;",
    "&#x22;",
    "&nbsp;",
    "&lt;",
    "&amp;quot;",
    "\\x1b[32m",
    "\\x1b[0m",
    "\\033[0m",
    "\\033[1;31m",
    "\\u001b[1m",
    "\\u001B[38;5;208m",
    "\\x1B[1m",
    "\\e[32m",
    "\\\\x1b[32m",
    "\\\\u001b[32m",
};

// What stands directly behind a token.
constexpr const char* marks_behind[] = {
    ",",      ")",        "]",     "}",       "&",    "<",        "@",        ".",   "|",   "#",      ";",
    ":",      "/",        "\\",    "'",       "\"",   "`",        "=",        "?",   "!",   "*",      "+",
    "~",      "^",        "$",     "%",       ">",    "(",        "[",        "{",   " ",   "\t",     "\r\n",
    "\\n",    "\\r\\n",   "\\t",   "\\u0022", "\\\"", "\\\\n",    "%22",      "%20", "%0A", "%26x=1", "%2522",
    "&quot;", "&amp;x=1", "&#34;", "=0A",     "=3D",  "\\x1b[0m", "\\033[0m", "\\0", "...",
};

constexpr Form escape_forms[] = {
    {"notebook", "\"os.environ[\\\"REPLICATE_API_TOKEN\\\"] = \\\"{token}\\\"\\n\","},
    {"notebook, letter touches", "\"source\": [\"%%bash\\n{token}\\n\"]"},
    {"source map",
     "{\"version\":3,\"sourcesContent\":[\"const auth = \\\"{token}\\\";\\nrun()\\n\"],\"mappings\":\"AAAA\"}"},
    {"source map, letter touches", "\"sourcesContent\":[\"# .env\\n{token}\\n\"]"},
    {"Postman, body", "\"raw\":\"{\\r\\n\\t\\\"auth\\\":\\t{token}\\r\\n}\""},
    {"SQL dump, letter touches", "(1,'keys:\\n{token}\\n',NULL)"},
    {"HTTP cassette, letter touches", "string: \"a=1\\r\\n{token}\\r\\n\""},
    {"HTML entities", "value=&quot;{token}&quot;"},
    {"HTML entities, decimal", "&#34;{token}&#34;"},
    {"HTML entities, hex", "&#x27;{token}&#x27;"},
    {"URL-encoded log", "GET /?body=%7B%22auth%22%3A%22{token}%22%7D HTTP/1.1"},
    {"URL-encoded log, header", "h=Bearer%20{token}&m=GET"},
    {"URL-encoded twice", "next=%252Frun%253Ftoken%253D{token}%2526x%253D1"},
    {"quoted-printable beside", "token=3D{token}=20"},
};

Context form_context(const char* group, const std::string& name, const std::string& form, Confidence confidence)
{
    return {name, group, {}, [form](std::string_view token, Rng& rng) { return filled(form, token, rng); }, confidence};
}

// A bundler's output: a megabyte and more on one line.
Snippet bundle(std::string_view token, Rng& rng)
{
    std::string before = "!function(e,t){";
    std::string behind = "})]);";
    while (before.size() < (1U << 20U)) {
        before += "function a" + std::to_string(rng.below(1000)) + "(e){return \"é\"+e.x};";
    }
    before += "var k=new R({auth:\"";
    behind.insert(0, before.substr(0, rng.below(1U << 16U)));
    return around(before, bare(token), "\"" + behind);
}

}  // namespace

void add_plain_contexts(std::vector<Context>& out)
{
    for (const auto& form : plain_forms) {
        out.push_back(form_context(plain_group, form.name, form.form, form.confidence));
    }
    out.push_back({"minified JavaScript on a line of a megabyte",
                   plain_group,
                   {},
                   bundle,
                   Confidence::high,
                   Fits::stream,
                   {},
                   true});
    for (const auto& form : escape_forms) {
        out.push_back(form_context(escape_group, form.name, form.form, form.confidence));
    }
    for (const auto* escape : escapes_before) {
        out.push_back(form_context(escape_group, std::string("behind ") + escape,
                                   std::string("x") + escape + "{token}\"", Confidence::high));
    }
    for (const auto* mark : marks_behind) {
        const bool letters = std::string_view(mark).find_first_of("nrtux0123456789") != std::string_view::npos;
        out.push_back(form_context(letters ? escape_group : plain_group, std::string("before ") + mark,
                                   std::string("\"{token}") + mark, Confidence::high));
    }
}

}  // namespace r8scan::test
