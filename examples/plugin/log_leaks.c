/* A plugin of r8scan: keeps a list of leaked tokens, by their hashes, in the file leaks.txt where r8scan was
 * started, and answers each event with "ok".
 *
 * Build: cmake -S . -B build && cmake --build build
 * Use:   r8scan git --on-finding plugin:build/log_leaks.so
 */
#include <r8scan/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct state {
    FILE *list;
};

uint32_t r8scan_plugin_abi_version(void)
{
    return R8SCAN_PLUGIN_ABI_VERSION;
}

int r8scan_plugin_init(void **state)
{
    struct state *mine = calloc(1, sizeof *mine);
    static const char file[] = "leaks.txt";
    if (mine == NULL) {
        return 1;
    }
    mine->list = fopen(file, "a");
    if (mine->list == NULL) {
        perror(file);
        free(mine);
        return 1;
    }
    *state = mine;
    return 0;
}

/* Copies the value of the first "key":"value" of the event. A real plugin takes a JSON library. */
static int copy_value(const char *event, size_t size, const char *key, char *value, size_t room)
{
    const size_t key_size = strlen(key);
    for (size_t at = 0; at + key_size < size; ++at) {
        if (memcmp(event + at, key, key_size) == 0) {
            size_t length = 0;
            at += key_size;
            while (at < size && event[at] != '"' && length + 1 < room) {
                value[length++] = event[at++];
            }
            value[length] = '\0';
            return 1;
        }
    }
    return 0;
}

int r8scan_plugin_handle(void *state, const char *event, size_t size, const char **verdict, size_t *verdict_size)
{
    static const char ok[] = "{\"status\":\"ok\",\"message\":\"written down\"}";
    struct state *mine = state;
    char id[64];
    char hash[80];
    if (!copy_value(event, size, "\"event_id\":\"", id, sizeof id) ||
        !copy_value(event, size, "\"token_sha256\":\"", hash, sizeof hash)) {
        return 1;
    }
    if (fprintf(mine->list, "%s %s\n", id, hash) < 0 || fflush(mine->list) != 0) {
        return 1;
    }
    *verdict = ok;
    *verdict_size = sizeof ok - 1;
    return 0;
}

void r8scan_plugin_release(void *state, const char *verdict)
{
    (void)state; /* the one verdict there is is not allocated */
    (void)verdict;
}

void r8scan_plugin_free(void *state)
{
    struct state *mine = state;
    fclose(mine->list);
    free(mine);
}
