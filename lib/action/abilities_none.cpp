// The static build: no network, no plugins. Debian's libcurl cannot be linked into a static program (Kerberos has no
// static library), so its functions are here: they fail, and are not reached, since nothing gets a Line to send on.
#include "action/abilities.h"

#include "action/plugin_host.h"

#include <curl/curl.h>

namespace r8scan::action {

namespace {

Error unable(const char* what)
{
    return {ErrorCode::usage, std::string("this is the static build: it cannot ") + what +
                                  "; take the dynamic build for that, which scans and reports the same"};
}

}  // namespace

Result<void> can_send()
{
    return unable("verify or deliver");
}

Result<void> can_load_plugins()
{
    return unable("load plugins");
}

Result<void> host_plugin(const std::filesystem::path&, int, int)
{
    return can_load_plugins();
}

}  // namespace r8scan::action

// libcurl declares some of these as macros too.
#undef curl_easy_setopt
#undef curl_easy_getinfo

extern "C" {

CURLcode curl_global_init(long)
{
    return CURLE_FAILED_INIT;
}

CURLU* curl_url()
{
    return nullptr;
}

void curl_url_cleanup(CURLU*) {}

CURLUcode curl_url_set(CURLU*, CURLUPart, const char*, unsigned)
{
    return CURLUE_BAD_HANDLE;
}

CURLUcode curl_url_get(CURLU*, CURLUPart, char**, unsigned)
{
    return CURLUE_BAD_HANDLE;
}

void curl_free(void*) {}

CURL* curl_easy_init()
{
    return nullptr;
}

void curl_easy_cleanup(CURL*) {}

void curl_easy_reset(CURL*) {}

CURLcode curl_easy_setopt(CURL*, CURLoption, ...)
{
    return CURLE_FAILED_INIT;
}

CURLcode curl_easy_perform(CURL*)
{
    return CURLE_FAILED_INIT;
}

CURLcode curl_easy_getinfo(CURL*, CURLINFO, ...)
{
    return CURLE_FAILED_INIT;
}

const char* curl_easy_strerror(CURLcode)
{
    return "there is no libcurl in the static build";
}

curl_slist* curl_slist_append(curl_slist*, const char*)
{
    return nullptr;
}

void curl_slist_free_all(curl_slist*) {}

curl_mime* curl_mime_init(CURL*)
{
    return nullptr;
}

void curl_mime_free(curl_mime*) {}

curl_mimepart* curl_mime_addpart(curl_mime*)
{
    return nullptr;
}

CURLcode curl_mime_data(curl_mimepart*, const char*, size_t)
{
    return CURLE_FAILED_INIT;
}

CURLcode curl_mime_type(curl_mimepart*, const char*)
{
    return CURLE_FAILED_INIT;
}

CURLcode curl_mime_encoder(curl_mimepart*, const char*)
{
    return CURLE_FAILED_INIT;
}

CURLcode curl_mime_subparts(curl_mimepart*, curl_mime*)
{
    return CURLE_FAILED_INIT;
}

time_t curl_getdate(const char*, const time_t*)
{
    return -1;
}
}
