/* The C interface of plugins: a callback as a shared library.
 *
 * r8scan loads a plugin only where its user's own configuration or command line names it, in a process of its own: what
 * it does to its memory is not done to the scan. One process loads one plugin, makes one instance of it, and hands it
 * one event after the other, on one thread. There is no time limit here; an event that takes too long for the caller's
 * deadline ends the process, and the next event gets a new one.
 *
 * A plugin exports the functions below, all of them, with C linkage. Events and verdicts are JSON in UTF-8; their fields
 * are listed in README.md ("Callbacks"). This header needs nothing of r8scan to be linked.
 */
#ifndef R8SCAN_PLUGIN_H
#define R8SCAN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this interface. It changes when a function changes its meaning or a new one has to be there; fields that
 * join events do not change it. */
#define R8SCAN_PLUGIN_ABI_VERSION 1u

#if defined(__GNUC__)
#define R8SCAN_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define R8SCAN_PLUGIN_EXPORT
#endif

/* Returns R8SCAN_PLUGIN_ABI_VERSION as the plugin was compiled with. Called first; a plugin of another version is
 * refused before anything else of it is called. */
R8SCAN_PLUGIN_EXPORT uint32_t r8scan_plugin_abi_version(void);

/* Makes the instance. `*state` is NULL; the plugin may set it to what it likes and gets it back in every call. Returns 0,
 * or anything else where it cannot work: then the process ends, and r8scan_plugin_free is not called. What it writes to
 * standard error before is shown to the user. */
R8SCAN_PLUGIN_EXPORT int r8scan_plugin_init(void **state);

/* Takes one event: `size` bytes of JSON, no NUL behind them, valid until it returns. They hold the token where the
 * callback is configured to get it; a plugin must not write it anywhere.
 * Returns 0 and sets `*verdict` to the answer, one JSON object of `*verdict_size` bytes (at most 64 KiB, without a line
 * feed outside of strings), which stays valid until it is given back by r8scan_plugin_release. Anything but 0 is a
 * failed delivery, which is tried again later; `*verdict` is not looked at then. */
R8SCAN_PLUGIN_EXPORT int r8scan_plugin_handle(void *state, const char *event, size_t size, const char **verdict,
                                              size_t *verdict_size);

/* Gives a verdict back. Called once for each that r8scan_plugin_handle set. */
R8SCAN_PLUGIN_EXPORT void r8scan_plugin_release(void *state, const char *verdict);

/* Ends the instance. Called once, when there are no more events; not called when the process is ended by force. */
R8SCAN_PLUGIN_EXPORT void r8scan_plugin_free(void *state);

#ifdef __cplusplus
}
#endif

#endif
