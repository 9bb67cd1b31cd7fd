#include "report/rule_text.h"

#include "util/escape.h"

namespace r8scan::report {

std::string title_of_rule(std::string_view rule)
{
    if (rule == "replicate-api-token") {
        return "Replicate API token";
    }
    if (rule == "replicate-legacy-token") {
        return "Replicate API token of the older format";
    }
    if (rule == "replicate-webhook-secret") {
        return "Webhook signing secret";
    }
    return "secret of the rule " + escape_for_terminal(rule);
}

std::string_view address_for_rule(std::string_view rule)
{
    return rule.starts_with("replicate-") && rule.ends_with("-token") ? "https://replicate.com/account/api-tokens" : "";
}

std::string short_advice_on_rule(std::string_view rule)
{
    const std::string_view address = address_for_rule(rule);
    return "Revoke it " + (address.empty() ? "where it was issued" : "at " + std::string(address)) +
           " first: deleting the file is not enough.";
}

std::string advice_on_rule(std::string_view rule)
{
    const std::string_view address = address_for_rule(rule);
    std::string text =
        address.empty() ? "Revoke it where it was issued. " : "Revoke it at " + std::string(address) + ". ";
    text +=
        "This comes first: every clone has it, so deleting the file or rewriting history is not enough. Give the new "
        "one to the program from outside the repository, in its environment, and look at what the old one was used "
        "for since the day it came in.";
    return text;
}

}  // namespace r8scan::report
